package io.millrace.jobs.run;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.RecordFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.spec.LateLabels;
import io.millrace.jobs.spec.Source;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import io.millrace.state.records.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Test-then-train over a file: the job's own decoder, encoder and learner on Flink, without Kafka. */
public final class Evaluation {
    private static final int TIMEOUT_STEPS = 100; // how often time is told while an event waits
    private static final String BEGUN = "begun"; // System.nanoTime of the first record

    private Evaluation() {}

    /**
     * What came of it.
     *
     * @param overall everything that was counted
     * @param windows the same in stretches of {@code telemetry.every} events, in order
     * @param duration from the first record to the last score
     */
    public record Result(Tally overall, List<Tally> windows, Duration duration) {
        /** Events a second, unreadable ones included. */
        public double eventsPerSecond() {
            return (overall.predictions() + overall.deadLetters()) / Math.max(1e-9, duration.toNanos() / 1e9);
        }
    }

    /**
     * Runs it.
     *
     * @param spec with every reference resolved; a CSV format without header takes the file's first line
     * @param file CSV with a header line, or JSON objects, one per line
     * @param delay how much later labels come; null if they come as they stand in the file
     * @param progress is told how the learning goes, about once a second, on another thread
     * @throws IllegalArgumentException if the file and the spec do not fit together
     */
    public static Result run(JobSpec spec, Path file, @Nullable Delay delay, Consumer<Telemetry> progress)
            throws Exception {
        JobSpec job = withLabelsOfFile(spec, delay);
        try (RecordFile records = RecordFile.open(file, spec.source().format(), Path.of(""))) {
            job = job.with(new Source(spec.source().kafka(), records.format()));
        }
        JobGraph graph = new JobGraph(job);
        AtomicReference<Telemetry> last = new AtomicReference<>();
        List<Tally> windows = new ArrayList<>();
        long[] ended = {0};
        long begun;
        StreamExecutionEnvironment environment = Flink.bounded(job);
        try (LocalFlink flink = new LocalFlink(job.parallelism());
                Watch watch = new Watch(telemetry -> {
                    last.set(telemetry);
                    windows.add(telemetry.window());
                    ended[0] = System.nanoTime();
                    progress.accept(telemetry);
                })) {
            DataStream<Decoded> events = environment
                    .fromSequence(0, 0)
                    .setParallelism(1)
                    .flatMap(new Records(file.toString(), job, JobGraph.reader(job), delay))
                    .returns(Decoded.class)
                    .setParallelism(1)
                    .name(String.valueOf(file.getFileName()));
            if (job.labelJoin() != null) {
                Duration step = job.labelJoin().timeout().dividedBy(TIMEOUT_STEPS);
                events = events.assignTimestampsAndWatermarks(
                        new FileTime(job.event().outOfOrderness().toMillis(), step.toMillis()));
            }
            JobGraph.Outputs outputs = graph.learn(events);
            watch.attach(outputs.telemetry());
            outputs.predictions().sinkTo(new DiscardingSink<>());
            begun = LocalFlink.await(flink.submit(environment, job.name())).getAccumulatorResult(BEGUN);
        }
        Telemetry telemetry = last.get();
        Tally overall = telemetry == null ? Tally.NONE : telemetry.overall();
        return new Result(overall, windows, Duration.ofNanos(Math.max(0, ended[0] - begun)));
    }

    private static JobSpec withLabelsOfFile(JobSpec spec, @Nullable Delay delay) {
        if (spec.labelJoin() != null) {
            return spec.with(spec.labelJoin().besideTheEvents());
        }
        return delay == null ? spec : spec.with(LateLabels.whenever());
    }

    /** Emits every record of a file in order; one task does it all. */
    private static final class Records extends RichFlatMapFunction<Long, Decoded> {
        private final String file; // shipped with the job graph
        private final JobSpec spec; // shipped with the job graph
        private final EventReader reader; // shipped with the job graph
        private final @Nullable Delay delay; // shipped with the job graph

        Records(String file, JobSpec spec, EventReader reader, @Nullable Delay delay) {
            this.file = file;
            this.spec = spec;
            this.reader = reader;
            this.delay = delay;
        }

        @Override
        public void flatMap(Long once, Collector<Decoded> out) throws IOException {
            getRuntimeContext().addAccumulator(BEGUN, new LongMinimum(System.nanoTime()));
            String name = String.valueOf(Path.of(file).getFileName());
            Collector<Decoded> to = delay == null ? out : new LateLabelsOfFile(delay, out);
            try (RecordFile records =
                    RecordFile.open(Path.of(file), spec.source().format(), Path.of(""))) {
                while (true) {
                    byte[] record = records.next();
                    if (record == null) {
                        if (delay != null) {
                            to.close(); // the operator's own collector is not ours to close
                        }
                        return;
                    }
                    Origin origin = new Origin(name, 0, records.line(), System.currentTimeMillis());
                    to.collect(reader.read(null, record, origin));
                }
            }
        }
    }
}
