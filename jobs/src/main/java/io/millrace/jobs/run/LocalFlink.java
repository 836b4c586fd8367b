package io.millrace.jobs.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient.JobFinalizationBehavior;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FileUtils;

/**
 * A Flink in this process, with its web UI on a free port of the loopback interface.
 *
 * <p>What it writes beside checkpoints lies in a temporary directory of its own. The directory goes when this is closed
 * or, until {@link #leaveInterruptsToOthers}, when the process is interrupted.
 */
final class LocalFlink implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String COMPRESSION = "state.backend.rocksdb.compression.per.level";

    private final Path temporary = Files.createTempDirectory("millrace-flink-");
    private final MiniCluster cluster;
    private final Thread interrupt = new Thread(this::end, "millrace-interrupt");
    private boolean ended;

    /**
     * Starts it.
     *
     * @param slots how many parallel tasks it can run
     */
    LocalFlink(int slots) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RestOptions.ADDRESS, LOOPBACK);
        configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        configuration.set(WebOptions.TMP_DIR, temporary.toString());
        configuration.setString(
                COMPRESSION, "NO_COMPRESSION"); // rows are all but noise, and compressing them holds up writing
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumSlotsPerTaskManager(slots)
                .build());
        Runtime.getRuntime().addShutdownHook(interrupt);
        try {
            cluster.start();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Address of the web UI. */
    URI webUi() {
        return cluster.getRestAddress().join();
    }

    /** Starts what was assembled in an environment. */
    JobClient submit(StreamExecutionEnvironment environment, String name) {
        StreamGraph stream = environment.getStreamGraph();
        stream.setJobName(name);
        JobGraph job = stream.getJobGraph();
        JobID id = cluster.submitJob(job).join().getJobID();
        ClassLoader classes = Thread.currentThread().getContextClassLoader();
        return new MiniClusterJobClient(id, cluster, classes, JobFinalizationBehavior.NOTHING);
    }

    /** How a job's tasks are, and what has failed. */
    ExecutionGraphInfo look(JobID job) {
        return cluster.getExecutionGraphInfo(job).join();
    }

    /**
     * Waits for a job's end.
     *
     * @throws IOException if it failed for good, with the reason
     */
    static JobExecutionResult await(JobClient job) throws InterruptedException, IOException {
        try {
            return job.getJobExecutionResult().get();
        } catch (ExecutionException e) {
            throw new IOException("the job failed: " + cause(e), e);
        }
    }

    /** What the innermost cause says, without the names of exceptions that Flink puts in front. */
    static String cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = String.valueOf(cause.getMessage()).replaceFirst("^(?:[\\w$]+\\.)+[\\w$]+: ", "");
        return cause.getMessage() == null || said.isBlank() ? cause.getClass().getSimpleName() : said;
    }

    /** From now on someone else closes this when the process is interrupted. */
    void leaveInterruptsToOthers() {
        try {
            Runtime.getRuntime().removeShutdownHook(interrupt);
        } catch (IllegalStateException shutdown) {
            // It runs already, and whoever closes this waits for it.
        }
    }

    @Override
    public void close() {
        leaveInterruptsToOthers();
        end();
    }

    /** Ends what runs; whoever comes second waits for the first. */
    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        cluster.closeAsync().exceptionally(failed -> null).join();
        FileUtils.deleteDirectoryQuietly(temporary.toFile());
    }
}
