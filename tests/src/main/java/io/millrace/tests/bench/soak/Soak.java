package io.millrace.tests.bench.soak;

import io.millrace.jobs.run.Watch;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Relu;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import io.millrace.operators.Execution;
import io.millrace.operators.Execution.Executor;
import io.millrace.operators.LearnerSpec;
import io.millrace.operators.MicroBatch;
import io.millrace.operators.OnlineLearner;
import io.millrace.operators.OnlineLearner.Learnt;
import io.millrace.operators.SnapshotPlan;
import io.millrace.operators.StatePlan;
import io.millrace.state.records.Sample;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;

/**
 * One learner at full speed in a Flink in this process, with checkpoints: numbers become samples, predictions go
 * nowhere.
 *
 * @param events in all
 * @param keys how many models there are
 * @param backend hashmap or rocksdb
 * @param executor of the models
 * @param directory for checkpoints
 */
record Soak(long events, int keys, String backend, Executor executor, Path directory) {
    private static final int STRETCHES = 13;
    private static final int FEATURES = 32;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);

    /** Runs it; each stretch is passed on as it ends, and all are returned. */
    List<Stretch> run(Consumer<Stretch> watcher) throws Exception {
        AtomicLong done = new AtomicLong();
        List<Stretch> stretches = new ArrayList<>();
        try (Watch watch = new Watch(telemetry -> done.set(telemetry.overall().predictions()))) {
            JobClient job = start(watch);
            long before = 0;
            long time = System.nanoTime();
            long cpu = cpuNanos();
            for (int stretch = 1; stretch <= STRETCHES; stretch++) {
                await(job, done, events * stretch / STRETCHES);
                double seconds = (System.nanoTime() - time) / 1e9;
                double cpuSeconds = (cpuNanos() - cpu) / 1e9;
                long count = done.get();
                Memory memory = Memory.now();
                Stretch ended = new Stretch(
                        count,
                        (count - before) / seconds,
                        (count - before) / cpuSeconds,
                        memory.heapBytes(),
                        memory.residentBytes(),
                        Memory.newestCheckpoint(directory));
                stretches.add(ended);
                watcher.accept(ended);
                before = count;
                time = System.nanoTime();
                cpu = cpuNanos();
            }
            job.getJobExecutionResult().get();
        }
        return stretches;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void await(JobClient job, AtomicLong done, long count) throws Exception {
        while (done.get() < count) {
            if (job.getJobExecutionResult().isCompletedExceptionally()
                    || job.getJobStatus().get() == JobStatus.FAILED) {
                job.getJobExecutionResult().get(); // throws what it failed of
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private JobClient start(Watch watch) throws Exception {
        Configuration configuration = configuration(backend, CHECKPOINTS, directory);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        Learnt learnt = learn(environment, events, keys, executor, null);
        learnt.predictions().sinkTo(new DiscardingSink<>());
        watch.attach(learnt.telemetry());
        return environment.executeAsync("soak");
    }

    /** A Flink as Millrace's own are, which does not hide failures. */
    static Configuration configuration(String backend, Duration checkpoints, Path directory) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoints);
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.setString("state.backend.rocksdb.compression.per.level", "NO_COMPRESSION");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
        return configuration;
    }

    /**
     * Learns so many samples: the net 32-64(ReLU, LayerNorm)-1 with Adam, one per key, a row of 28 KB. Each key comes once
     * before keys come in any order.
     *
     * @param snapshots when snapshots are taken; null for never
     */
    static Learnt learn(
            StreamExecutionEnvironment environment,
            long events,
            int keys,
            Executor executor,
            @Nullable SnapshotPlan snapshots) {
        DataStream<Sample> samples = environment
                .fromSource(
                        new NumberSequenceSource(1, events), WatermarkStrategy.noWatermarks(), "numbers", Types.LONG)
                .map(new Draw(keys))
                .returns(TypeInformation.of(Sample.class));
        ModelSpec model = new ModelSpec(
                List.of(new Dense(64), new Relu(), new LayerNorm()), new Squared(false), new Adam(0.003), 1);
        Problem problem = new Problem(Inputs.numeric(FEATURES), new Target.Value());
        Execution execution = new Execution(executor, Device.AUTO, Updates.PER_EVENT, MicroBatch.DEFAULT);
        return OnlineLearner.of(new LearnerSpec("bench", model, problem, execution, 1000, snapshots, StatePlan.DEFAULT))
                .apply(samples.keyBy(Sample::key));
    }

    /** The sample that belongs to a number. */
    private record Draw(int keys) implements MapFunction<Long, Sample> {
        @Override
        public Sample map(Long number) {
            SplittableRandom random = new SplittableRandom(number);
            float[] features = new float[FEATURES];
            float sum = 0;
            for (int i = 0; i < FEATURES; i++) {
                features[i] = random.nextInt() * 0x1p-31f;
                sum += (i % 3 - 1) * features[i];
            }
            String key = "key-" + (number <= keys ? number - 1 : random.nextInt(keys));
            return Sample.of(key, Long.toString(number), System.currentTimeMillis(), features, sum);
        }
    }
}
