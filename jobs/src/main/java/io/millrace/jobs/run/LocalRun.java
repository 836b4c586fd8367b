package io.millrace.jobs.run;

import io.millrace.jobs.spec.JobSpec;
import io.millrace.operators.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A job that runs on a Flink in this process; both end when this is closed. */
public final class LocalRun implements AutoCloseable {
    private static final long STOP_SECONDS = 60;
    private static final long START_NANOS = 60_000_000_000L;

    private final Savepoints savepoints;
    private final Watch watch;
    private final LocalFlink flink;
    private final JobClient client;
    private final Lookout lookout = new Lookout();

    private LocalRun(Savepoints savepoints, Watch watch, LocalFlink flink, JobClient client) {
        this.savepoints = savepoints;
        this.watch = watch;
        this.flink = flink;
        this.client = client;
    }

    /**
     * Starts a job and waits, a minute at most, until all of it runs. Whoever calls this closes it when the process is
     * interrupted from then on.
     *
     * @param spec with every reference resolved
     * @param savepoints where its state is kept
     * @param from savepoint or checkpoint to continue from; null to begin anew
     * @param watcher is told how the learning goes, on another thread
     * @param notes is told in sentences, on other threads, what goes wrong while the job goes on
     * @throws IOException if it cannot start, with the reason
     */
    public static LocalRun start(
            JobSpec spec,
            Savepoints savepoints,
            @Nullable String from,
            Consumer<Telemetry> watcher,
            Consumer<String> notes)
            throws Exception {
        StreamExecutionEnvironment environment = Flink.local(spec, savepoints.directory(), from);
        LocalFlink flink = new LocalFlink(spec.parallelism());
        Watch watch = new Watch(watcher);
        try {
            watch.attach(new JobGraph(spec).fromKafkaToKafka(environment).telemetry());
            LocalRun run = new LocalRun(savepoints, watch, flink, flink.submit(environment, spec.name()));
            run.awaitTasks();
            run.lookout.watchBrokers(spec, notes);
            Restarts restarts = new Restarts(environment.getConfiguration(), notes);
            run.lookout.watch(() -> restarts.look(flink.look(run.client.getJobID())));
            flink.leaveInterruptsToOthers();
            return run;
        } catch (Exception e) {
            watch.close();
            flink.close();
            throw e;
        }
    }

    /** Waits until every task runs, so that the first event meets a job that is ready. */
    private void awaitTasks() throws InterruptedException, IOException {
        for (long end = System.nanoTime() + START_NANOS; System.nanoTime() < end; ) {
            ExecutionGraphInfo job = flink.look(client.getJobID());
            for (ErrorInfo failure : job.getExceptionHistory()) { // Flink would try again for ever
                throw new IOException("the job cannot start: " + LocalFlink.cause(failure.getException()));
            }
            if (runs(job.getArchivedExecutionGraph())) {
                return;
            }
            Thread.sleep(50);
        }
    }

    private static boolean runs(AccessExecutionGraph job) {
        boolean any = false;
        for (AccessExecutionVertex task : job.getAllExecutionVertices()) {
            if (task.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
            any = true;
        }
        return any;
    }

    private void cancel() {
        client.cancel().exceptionally(gone -> null).join();
    }

    /** Address of Flink's web UI. */
    public URI webUi() {
        return flink.webUi();
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
        LocalFlink.await(client);
    }

    /**
     * Ends the job without losing anything: its state is written to a savepoint first.
     *
     * @param forGood whether the stream has ended, too: a last snapshot is taken, and the job should not be continued
     * @return the savepoint
     * @throws IOException if that was not possible in a minute; the job is cancelled then
     */
    public String stop(boolean forGood) throws InterruptedException, IOException {
        lookout.close();
        try {
            return client.stopWithSavepoint(forGood, savepoints.target(), SavepointFormatType.CANONICAL)
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            cancel();
            throw new IOException("no savepoint could be written: " + LocalFlink.cause(e), e);
        }
    }

    @Override
    public void close() {
        lookout.close();
        flink.close();
        watch.close();
    }
}
