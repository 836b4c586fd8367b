package io.millrace.jobs.run;

import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategy;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategyFactoryLoader;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;

/** Tells of a job's failures: why, how often, and when it starts again. */
final class Restarts {
    private final Consumer<String> notes;

    /** Flink keeps its delay to itself; a strategy of the same settings that hears of the same failures has it, too. */
    private final RestartBackoffTimeStrategy delays;

    private long latestMillis;
    private int failures;

    /**
     * @param job its configuration
     * @param notes is told a sentence for each failure
     */
    Restarts(ReadableConfig job, Consumer<String> notes) {
        this.notes = notes;
        Configuration configuration = Configuration.fromMap(job.toMap());
        this.delays = RestartBackoffTimeStrategyFactoryLoader.createRestartBackoffTimeStrategyFactory(
                        configuration, configuration, true)
                .create();
    }

    /** Tells of what has failed since the last look. */
    void look(ExecutionGraphInfo job) {
        JobStatus status = job.getArchivedExecutionGraph().getState();
        if (status == JobStatus.FAILING || status.isTerminalState()) {
            return; // it will not start again, and who waits for its end hears why
        }
        for (RootExceptionHistoryEntry failure : job.getExceptionHistory()) {
            if (failure.getTimestamp() > latestMillis) {
                latestMillis = failure.getTimestamp();
                failures++;
                delays.notifyFailure(failure.getException());
                notes.accept("the job failed and starts again in " + seconds(delays.getBackoffTime()) + " (failure "
                        + failures + "): " + LocalFlink.cause(failure.getException()));
            }
        }
    }

    private static String seconds(long millis) {
        return (millis + 500) / 1000 + " s";
    }
}
