package io.millrace.tests.bench;

import io.millrace.models.Program;
import io.millrace.operators.LabelJoin;
import io.millrace.operators.LearnerSpec;
import io.millrace.operators.OnlineLearner;
import io.millrace.operators.OnlineLearner.Learnt;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import io.millrace.state.records.Sample.Kind;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * A learner's task in a Flink in this process, by the CPU time of its thread: it receives samples, joins labels, predicts
 * and learns, on the heap.
 *
 * @param program that it learns
 * @param keys how many models there are
 * @param events in all, of which the first quarter does not count
 * @param later whether labels come in records of their own, {@link #LAG} events after their own event
 */
record Joined(Program program, int keys, int events, boolean later) implements Lap {
    private static final int LAG = 2_000;
    private static final LabelJoin JOIN = LabelJoin.within(Duration.ofMillis(2 * LAG)); // an event takes a millisecond

    @Override
    public double rate() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        DataStream<Sample> samples = environment
                .fromSource(
                        new NumberSequenceSource(1, events), WatermarkStrategy.noWatermarks(), "numbers", Types.LONG)
                .flatMap(new Draw(keys, program.problem().inputs().width(), later))
                .returns(TypeInformation.of(Sample.class))
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Sample>forMonotonousTimestamps()
                        .withTimestampAssigner((sample, none) -> sample.time()));
        LearnerSpec spec = LearnerSpec.of(program.spec(), program.problem());
        Learnt learnt = OnlineLearner.of(later ? spec.with(JOIN) : spec).apply(samples.keyBy(Sample::key));
        learnt.predictions().sinkTo(new CpuTime(events / 4, events));
        learnt.tallies().sinkTo(new DiscardingSink<>());
        environment.execute("joined");
        return (events - events / 4) * 1e9 / CpuTime.nanos;
    }

    /** The samples that come with a number: its event and, if labels come later, that of an earlier one. */
    private record Draw(int keys, int width, boolean later) implements FlatMapFunction<Long, Sample> {
        @Override
        public void flatMap(Long number, Collector<Sample> out) {
            Sample event = sample(number, number);
            out.collect(later ? event.with(new float[0], Kind.BOTH) : event);
            if (later && number > LAG) {
                Sample labelled = sample(number - LAG, number);
                out.collect(new Sample(
                        labelled.key(),
                        labelled.id(),
                        number,
                        new float[0],
                        labelled.label(),
                        1,
                        Kind.LABEL,
                        labelled.origin()));
            }
        }

        private Sample sample(long number, long time) {
            SplittableRandom random = new SplittableRandom(number);
            float[] features = new float[width];
            float sum = 0;
            for (int i = 0; i < width; i++) {
                features[i] = random.nextInt() * 0x1p-31f;
                sum += (i % 3 - 1) * features[i];
            }
            return Sample.of("key-" + random.nextInt(keys), Long.toString(number), time, features, sum);
        }
    }

    /**
     * Takes predictions in the learner's own thread, and notes the CPU time that it takes from one to another.
     *
     * @param from number of the prediction from which time counts
     * @param to number of the last
     */
    private record CpuTime(int from, int to) implements Sink<Prediction> {
        private static volatile long nanos; // one job runs at a time

        @Override
        public SinkWriter<Prediction> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                private int count;
                private long begun;

                @Override
                public void write(Prediction prediction, Context context) {
                    count++;
                    if (count == from) {
                        begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    } else if (count == to) {
                        nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
                    }
                }

                @Override
                public void flush(boolean end) {}

                @Override
                public void close() {}
            };
        }
    }
}
