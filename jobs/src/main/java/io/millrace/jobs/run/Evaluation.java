package io.millrace.jobs.run;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.RecordFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.spec.LateLabels;
import io.millrace.jobs.spec.Source;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;

/** Test-then-train over a file: the job's own decoder, encoder and learner on Flink, without Kafka. */
public final class Evaluation {
    private static final int TIMEOUT_STEPS = 100; // how often time is told while an event waits

    private Evaluation() {}

    /**
     * A stretch of events, with no more than a chart of many of them needs.
     *
     * @param drifts alarms in it
     * @param scores of its events
     * @param sums the same without those of a ranking, which would be most of them
     */
    public record Window(long drifts, Scores scores, Sums sums) {
        /** No events. */
        public static final Window NONE = new Window(0, Scores.of(Sums.NONE), Sums.NONE);

        /** What is kept of a tally. */
        public static Window of(Tally tally) {
            return new Window(tally.drifts(), Scores.of(tally), tally.sums().unranked());
        }

        /** How many predictions were compared with their label. */
        public long scored() {
            return (long) sums.scored();
        }

        /** Both stretches together; their ranking is not known. */
        public Window plus(Window other) {
            Sums both = sums.plus(other.sums);
            return new Window(drifts + other.drifts, Scores.of(both), both);
        }
    }

    /**
     * What came of it.
     *
     * @param overall everything that was counted
     * @param windows the same in stretches of {@code telemetry.every} events, in order
     * @param records that were read, each as often as it was
     * @param duration from the first record to the last score
     */
    public record Result(Tally overall, List<Window> windows, long records, Duration duration) {
        /** Events a second, unreadable ones included. */
        public double eventsPerSecond() {
            return records / Math.max(1e-9, duration.toNanos() / 1e9);
        }
    }

    /**
     * Runs it.
     *
     * @param spec with every reference resolved; a CSV format without header takes the file's first line
     * @param file CSV with a header line, or JSON objects, one per line
     * @param delay how much later labels come; null if they come as they stand in the file
     * @param heldOut the end of the file that is scored after the rest was learnt; null to score all before it is learnt
     * @param progress is told how the learning goes, about once a second, on another thread
     * @throws IllegalArgumentException if the file and the spec do not fit together
     */
    public static Result run(
            JobSpec spec, Path file, @Nullable Delay delay, @Nullable HeldOut heldOut, Consumer<Telemetry> progress)
            throws Exception {
        JobSpec job = withLabelsOfFile(spec, delay);
        try (RecordFile records = RecordFile.open(file, spec.source().format(), Path.of(""), Set.of())) {
            job = job.with(new Source(spec.source().kafka(), records.format()));
        }
        JobGraph graph = new JobGraph(job);
        AtomicReference<Telemetry> last = new AtomicReference<>();
        List<Window> windows = new ArrayList<>();
        long[] ended = {0};
        JobExecutionResult ran;
        StreamExecutionEnvironment environment = Flink.bounded(job);
        try (LocalFlink flink = new LocalFlink(job.parallelism());
                Watch watch = new Watch(telemetry -> {
                    last.set(telemetry);
                    windows.add(Window.of(telemetry.window()));
                    ended[0] = System.nanoTime();
                    progress.accept(telemetry);
                })) {
            DataStream<Decoded> events = environment
                    .fromSequence(0, 0)
                    .setParallelism(1)
                    .flatMap(new RecordsOfFile(file.toString(), job, delay, heldOut))
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
            ran = LocalFlink.await(flink.submit(environment, job.name()));
        }
        Telemetry telemetry = last.get();
        Tally overall = telemetry == null ? Tally.NONE : telemetry.overall();
        long begun = ran.getAccumulatorResult(RecordsOfFile.BEGUN);
        long records = ran.getAccumulatorResult(RecordsOfFile.RECORDS);
        return new Result(overall, windows, records, Duration.ofNanos(Math.max(0, ended[0] - begun)));
    }

    private static JobSpec withLabelsOfFile(JobSpec spec, @Nullable Delay delay) {
        if (spec.labelJoin() != null) {
            return spec.with(spec.labelJoin().besideTheEvents());
        }
        return delay == null ? spec : spec.with(LateLabels.whenever());
    }
}
