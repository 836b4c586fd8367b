package io.millrace.jobs.cluster;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process of a cluster.
 *
 * @param name as its log is called, such as {@code task-manager-1}
 * @param pid of its JVM
 * @param startedMillis when the system says that the JVM started, milliseconds since 1970 UTC: a pid may be used again
 */
public record Member(String name, long pid, long startedMillis) {
    private static final long PATIENCE_SECONDS = 15;

    static Member of(String name, ProcessHandle process) {
        return new Member(name, process.pid(), started(process));
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(found -> found.isAlive() && started(found) == startedMillis);
    }

    /** Whether it still runs. */
    public boolean runs() {
        return process().isPresent();
    }

    /** Asks it to end. */
    void askToEnd() {
        process().ifPresent(ProcessHandle::destroy);
    }

    /** Waits for its end, and ends it if that takes longer than a quarter of a minute. */
    void awaitEnd() throws InterruptedException {
        ProcessHandle process = process().orElse(null);
        if (process == null) {
            return;
        }
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        }
    }
}
