package io.millrace.jobs.run;

import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.spec.State;
import io.millrace.models.spec.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** The Flink a job runs on: in this process, or a session cluster. */
public final class Flink {
    private Flink() {}

    /**
     * For a {@link LocalFlink}. A job that fails starts again, soon at first and then every ten seconds, for ever.
     *
     * @param state directory for checkpoints, unless the spec names one
     * @param from savepoint or checkpoint to continue from; null to begin anew
     */
    static StreamExecutionEnvironment local(JobSpec spec, Path state, @Nullable String from) {
        Configuration configuration = checkpointed(spec, from);
        if (spec.checkpoints().directory() == null) {
            configuration.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    state.resolve("checkpoints").toUri().toString());
        }
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofSeconds(1));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMinutes(1));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR, 0.0);
        return parallel(new StreamExecutionEnvironment(configuration), spec);
    }

    /** For a {@link LocalFlink} that runs one bounded job and keeps nothing. */
    static StreamExecutionEnvironment bounded(JobSpec spec) {
        Configuration configuration = common(spec);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return parallel(new StreamExecutionEnvironment(configuration), spec);
    }

    /**
     * A session cluster that is up already.
     *
     * @param port of its REST interface
     * @param jar the job's classes
     */
    public static StreamExecutionEnvironment cluster(
            JobSpec spec, String host, int port, Path jar, @Nullable String from) {
        return parallel(
                StreamExecutionEnvironment.createRemoteEnvironment(
                        host, port, checkpointed(spec, from), jar.toString()),
                spec);
    }

    /**
     * Waits for the end of a job, wherever it runs.
     *
     * @throws IOException if it failed for good, or its cluster does not answer any more, with the reason
     */
    public static void await(JobClient job) throws InterruptedException, IOException {
        LocalFlink.await(job);
    }

    /** The Flink that runs the calling program. */
    static StreamExecutionEnvironment submitted(JobSpec spec) {
        return parallel(StreamExecutionEnvironment.getExecutionEnvironment(checkpointed(spec, null)), spec);
    }

    private static Configuration common(JobSpec spec) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true); // nothing that is emitted is written to again
        State.Backend backend = spec.state().backend();
        if (backend != null) {
            configuration.set(StateBackendOptions.STATE_BACKEND, Settings.term(backend));
        }
        if (backend == State.Backend.ROCKSDB) {
            configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        }
        return configuration;
    }

    private static Configuration checkpointed(JobSpec spec, @Nullable String from) {
        Configuration configuration = common(spec);
        configuration.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL, spec.checkpoints().every());
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (spec.checkpoints().directory() != null) {
            configuration.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    JobGraph.uri(spec.checkpoints().directory()));
        }
        if (from != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        return configuration;
    }

    private static StreamExecutionEnvironment parallel(StreamExecutionEnvironment environment, JobSpec spec) {
        environment.setParallelism(spec.parallelism());
        return environment;
    }
}
