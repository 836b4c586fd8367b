package io.millrace.tests.bench.soak;

import io.millrace.operators.Execution.Executor;
import io.millrace.operators.OnlineLearner.Learnt;
import io.millrace.operators.SnapshotPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Checkpoints of one learner at full speed, asked for one by one.
 *
 * @param backend hashmap or rocksdb
 * @param keys how many models there are
 * @param snapshots whether a snapshot is due with every checkpoint
 * @param directory for checkpoints and snapshots
 */
record CheckpointCost(String backend, int keys, boolean snapshots, Path directory) {
    private static final long QUIET_SECONDS = 5;
    private static final long PATIENCE_SECONDS = 300;

    /** Takes a full checkpoint, then so many that may be incremental, with some seconds of events between them. */
    List<Held> run(int more, Consumer<Held> watcher) throws Exception {
        MiniClusterConfiguration one = new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration())
                .setNumSlotsPerTaskManager(1)
                .build();
        List<Held> all = new ArrayList<>();
        try (MiniCluster cluster = new MiniCluster(one)) {
            cluster.start();
            Gaps.begin();
            JobID job = cluster.submitJob(assembled().getStreamGraph().getJobGraph())
                    .get()
                    .getJobID();
            awaitEveryKey(cluster, job);
            for (int i = 0; i <= more; i++) {
                Held held = checkpoint(cluster, job, i == 0 ? CheckpointType.FULL : CheckpointType.CONFIGURED);
                all.add(held);
                watcher.accept(held);
            }
            cluster.cancelJob(job).get();
        }
        return all;
    }

    private Configuration configuration() {
        return Soak.configuration(backend, Duration.ofDays(1), directory);
    }

    private StreamExecutionEnvironment assembled() {
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(configuration());
        environment.setParallelism(1);
        String target = directory.resolve("snapshots").toUri().toString();
        SnapshotPlan plan = snapshots ? new SnapshotPlan(target, null, 1, "") : null;
        Learnt learnt = Soak.learn(environment, Long.MAX_VALUE, keys, Executor.AUTO, plan);
        learnt.predictions().sinkTo(new Gaps());
        learnt.tallies().sinkTo(new DiscardingSink<>());
        return environment;
    }

    private void awaitEveryKey(MiniCluster cluster, JobID job) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (Gaps.count() < 2L * keys) {
            if (cluster.getJobStatus(job).get().isTerminalState() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the job has not come to " + 2L * keys + " predictions");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private Held checkpoint(MiniCluster cluster, JobID job, CheckpointType type) throws Exception {
        Gaps.reset();
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        long quiet = Gaps.longestNanos();
        Gaps.reset();
        long id = cluster.triggerCheckpoint(job, type).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long gap = Gaps.longestNanos();
        String name =
                backend + (type == CheckpointType.FULL ? ", full" : ", configured") + (snapshots ? ", snapshot" : "");
        return Held.of(name, quiet, gap, stats(cluster, job, id));
    }

    private static CompletedCheckpointStats stats(MiniCluster cluster, JobID job, long id) throws Exception {
        CheckpointStatsSnapshot stats = cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
        if (stats == null || stats.getHistory().getLatestCompletedCheckpoint() == null) {
            throw new IllegalStateException("no statistics of checkpoint " + id);
        }
        return stats.getHistory().getLatestCompletedCheckpoint();
    }
}
