package io.millrace.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.operators.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
    private static final long START_NANOS = 60_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Savepoints savepoints;
    private final Watch watch;
    private final JobClient client;
    private final String webUi;
    private final HttpClient http = HttpClient.newHttpClient();

    private LocalRun(Savepoints savepoints, Watch watch, JobClient client, String webUi) {
        this.savepoints = savepoints;
        this.watch = watch;
        this.client = client;
        this.webUi = webUi;
    }

    /**
     * Starts a job and waits, a minute at most, until all of it runs.
     *
     * @param spec with every reference resolved
     * @param savepoints where its state is kept
     * @param from savepoint or checkpoint to continue from; null to begin anew
     * @param watcher is told how the learning goes, on another thread
     * @throws IOException if it cannot start, with the reason
     */
    public static LocalRun start(
            JobSpec spec, Savepoints savepoints, @Nullable String from, Consumer<Telemetry> watcher) throws Exception {
        StreamExecutionEnvironment environment = Flink.local(spec, savepoints.directory(), from);
        Watch watch = new Watch(watcher);
        try {
            watch.attach(new JobGraph(spec).fromKafkaToKafka(environment).telemetry());
            JobClient client = environment.executeAsync(spec.name());
            int port = environment.getConfiguration().get(RestOptions.PORT);
            LocalRun run = new LocalRun(savepoints, watch, client, "http://127.0.0.1:" + port);
            run.awaitTasks();
            return run;
        } catch (Exception e) {
            watch.close();
            throw e;
        }
    }

    /** Waits until every task runs, so that the first event meets a job that is ready. */
    private void awaitTasks() throws InterruptedException, IOException {
        for (long end = System.nanoTime() + START_NANOS; System.nanoTime() < end; ) {
            JsonNode tasks = ask("/jobs/overview").path("jobs").path(0).path("tasks");
            if (tasks.path("total").asInt() > 0 && tasks.path("running").equals(tasks.path("total"))) {
                return;
            }
            String stack = ask("/jobs/" + client.getJobID() + "/exceptions")
                    .at("/exceptionHistory/entries/0/stacktrace")
                    .asText();
            if (!stack.isEmpty()) {
                cancel(); // Flink would try again for ever
                throw new IOException("the job cannot start: " + cause(stack));
            }
            Thread.sleep(50);
        }
    }

    private JsonNode ask(String path) throws InterruptedException, IOException {
        HttpRequest question = HttpRequest.newBuilder(URI.create(webUi + path)).build();
        return JSON.readTree(
                http.send(question, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** The message of the innermost cause in a stack trace, without the exception's name. */
    private static String cause(String stack) {
        return stack.lines()
                .filter(line -> !line.startsWith("\t"))
                .reduce("", (outer, inner) -> inner)
                .replaceFirst("^(Caused by: )?[\\w.$]+: ", "");
    }

    private void cancel() {
        client.cancel().exceptionally(gone -> null).join();
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
     * @param forGood whether the stream has ended, too: a last snapshot is taken, and the job should not be continued
     * @return the savepoint
     * @throws IOException if that was not possible in a minute; the job is cancelled then
     */
    public String stop(boolean forGood) throws InterruptedException, IOException {
        try {
            return client.stopWithSavepoint(forGood, savepoints.target(), SavepointFormatType.CANONICAL)
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            cancel();
            throw new IOException("no savepoint could be written: " + cause(e), e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
