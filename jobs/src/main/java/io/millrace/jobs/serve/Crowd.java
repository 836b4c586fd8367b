package io.millrace.jobs.serve;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs requests on so many threads, and lets so many wait. One that comes when all wait is run on a thread of its own
 * kind, where {@link #full} says so and it can be turned away in order; one that comes when as many again wait there
 * is refused.
 */
final class Crowd implements Executor {
    private final ThreadPoolExecutor workers;
    private final ThreadPoolExecutor doorkeeper;
    private final AtomicInteger inside = new AtomicInteger();

    private static final class Doorkeeper extends Thread {
        Doorkeeper(Runnable task) {
            super(task, "serve-full");
        }
    }

    Crowd(int threads, int waiting) {
        doorkeeper =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), Doorkeeper::new);
        workers = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                task -> new Thread(task, "serve"),
                (task, all) -> doorkeeper.execute(task));
    }

    /** True on a thread that runs what there was no room for. */
    static boolean full() {
        return Thread.currentThread() instanceof Doorkeeper;
    }

    /** How many run or wait. */
    int inside() {
        return inside.get();
    }

    /**
     * Runs a request when there is a thread for it.
     *
     * @throws RejectedExecutionException if it can not even be turned away
     */
    @Override
    public void execute(Runnable request) {
        inside.incrementAndGet();
        try {
            workers.execute(() -> {
                try {
                    request.run();
                } finally {
                    inside.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            inside.decrementAndGet();
            throw e;
        }
    }

    /** Takes no more, and waits for those that are inside; false if they were not done in time. */
    boolean finish(long seconds) throws InterruptedException {
        workers.shutdown(); // nobody is interrupted: that would close files which others read
        boolean done = workers.awaitTermination(seconds, TimeUnit.SECONDS);
        doorkeeper.shutdown();
        return done;
    }
}
