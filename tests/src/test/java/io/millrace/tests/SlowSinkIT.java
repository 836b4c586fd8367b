package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.optimizer.Sgd;
import io.millrace.operators.Execution;
import io.millrace.operators.Execution.Executor;
import io.millrace.operators.LearnerSpec;
import io.millrace.operators.MicroBatch;
import io.millrace.operators.OnlineLearner;
import io.millrace.operators.StatePlan;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sink that takes nothing for a while: the source stands still, nothing is piled up, and nothing is lost. */
@Timeout(300)
class SlowSinkIT {
    private static final long EVENTS = 120_000;
    private static final long TAKEN = 1_000; // by the sink, before it stands still

    /** What fits into Flink's buffers between two tasks, of both directions; samples and predictions take 80 bytes. */
    private static final long MOST_UNDER_WAY = 60_000;

    private static final ModelSpec MODEL =
            new ModelSpec(List.of(new Standardize(), new Dense(8), new Relu()), null, new Sgd(0.01), 1);

    private static final AtomicLong SENT = new AtomicLong();
    private static final Map<String, Long> VERSIONS = new ConcurrentHashMap<>();
    private static CountDownLatch open = new CountDownLatch(1);

    @BeforeEach
    void shut() {
        SENT.set(0);
        VERSIONS.clear();
        open = new CountDownLatch(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"JVM", "DJL"})
    void holdsTheSourceBack(Executor executor) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(1);
        Problem problem = new Problem(Inputs.numeric(2), new Target.Value());
        Execution execution = new Execution(executor, Device.CPU, Updates.PER_EVENT, MicroBatch.DEFAULT);
        LearnerSpec spec = new LearnerSpec("flood", MODEL, problem, execution, 1000, null, StatePlan.DEFAULT);
        OnlineLearner.of(spec)
                .apply(environment
                        .fromSequence(0, EVENTS - 1)
                        .map(SlowSinkIT::sample)
                        .returns(Sample.class)
                        .keyBy(Sample::key))
                .predictions()
                .map(new Gate())
                .disableChaining()
                .sinkTo(new DiscardingSink<>());

        JobClient job = environment.executeAsync();
        long held = awaitStandstill(job);
        assertThat(held).isLessThan(MOST_UNDER_WAY);
        open.countDown();
        job.getJobExecutionResult().get(4, TimeUnit.MINUTES);

        assertThat(SENT).hasValue(EVENTS);
        assertThat(VERSIONS).hasSize(55);
        assertThat(VERSIONS.values().stream().mapToLong(last -> last + 1).sum()).isEqualTo(EVENTS);
    }

    private static Sample sample(long number) {
        SENT.incrementAndGet();
        String key = number % 10 == 0 ? "hot" : "key" + (10 + number % 60);
        float[] features = {number % 10, number % 3};
        Origin origin = new Origin("flood", 0, number, number);
        return new Sample(key, "e" + number, number, features, new float[] {1}, 1, Sample.Kind.BOTH, origin);
    }

    /** Waits until nothing has been sent for two seconds; returns how many events were. */
    private static long awaitStandstill(JobClient job) throws Exception {
        long sent = -1;
        while (sent != SENT.get() || sent < TAKEN) {
            sent = SENT.get();
            assertThat(job.getJobStatus().get().isTerminalState())
                    .as("the job has ended after %d events", sent)
                    .isFalse();
            open.await(2, TimeUnit.SECONDS);
        }
        return sent;
    }

    /** Lets some predictions through, then waits; each must be the key's next version. */
    private static final class Gate extends RichMapFunction<Prediction, Prediction> {
        private long taken;

        @Override
        public void open(OpenContext context) {
            taken = 0;
        }

        @Override
        public Prediction map(Prediction prediction) throws Exception {
            if (++taken > TAKEN) {
                open.await();
            }
            Long last = VERSIONS.put(prediction.key(), prediction.version());
            if (prediction.version() != (last == null ? 0 : last + 1)) {
                throw new IllegalStateException(prediction + " after version " + last);
            }
            return prediction;
        }
    }
}
