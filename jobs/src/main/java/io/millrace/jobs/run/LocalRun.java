package io.millrace.jobs.run;

import io.millrace.jobs.spec.JobSpec;
import io.millrace.operators.Telemetry;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A job that runs on a Flink in this process. */
public final class LocalRun implements AutoCloseable {
    private static final long STOP_SECONDS = 60;

    private final Savepoints savepoints;
    private final Watch watch;
    private final JobClient client;
    private final String webUi;

    private LocalRun(Savepoints savepoints, Watch watch, JobClient client, String webUi) {
        this.savepoints = savepoints;
        this.watch = watch;
        this.client = client;
        this.webUi = webUi;
    }

    /**
     * Starts a job.
     *
     * @param spec with every reference resolved
     * @param savepoints where its state is kept
     * @param from savepoint or checkpoint to continue from; null to begin anew
     * @param watcher is told how the learning goes, on another thread
     */
    public static LocalRun start(
            JobSpec spec, Savepoints savepoints, @Nullable String from, Consumer<Telemetry> watcher) throws Exception {
        StreamExecutionEnvironment environment = Flink.local(spec, savepoints.directory(), from);
        Watch watch = new Watch(watcher);
        try {
            watch.attach(new JobGraph(spec).fromKafkaToKafka(environment).telemetry());
            JobClient client = environment.executeAsync(spec.name());
            int port = environment.getConfiguration().get(RestOptions.PORT);
            return new LocalRun(savepoints, watch, client, "http://127.0.0.1:" + port);
        } catch (Exception e) {
            watch.close();
            throw e;
        }
    }

    /** Address of Flink's web UI. */
    public String webUi() {
        return webUi;
    }

    /** What Flink says of the job; a job that has ended may be gone. */
    public JobStatus status() throws InterruptedException {
        try {
            return client.getJobStatus().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            return JobStatus.FINISHED;
        }
    }

    /**
     * Waits for the job's end.
     *
     * @throws IOException if it failed for good, with the reason
     */
    public void await() throws InterruptedException, IOException {
        try {
            client.getJobExecutionResult().get();
        } catch (ExecutionException e) {
            throw new IOException("the job failed: " + cause(e), e);
        }
    }

    private static String cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /**
     * Ends the job without losing anything: its state is written to a savepoint first.
     *
     * @return the savepoint
     * @throws IOException if that was not possible in a minute; the job is cancelled then
     */
    public String stop() throws InterruptedException, IOException {
        try {
            return client.stopWithSavepoint(false, savepoints.target(), SavepointFormatType.CANONICAL)
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            client.cancel().exceptionally(gone -> null).join();
            throw new IOException("no savepoint could be written: " + cause(e), e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
