package io.millrace.operators;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A task that says, once, when no thread is in it any more: when it has run, whether it was cancelled meanwhile or not, or
 * when it was cancelled before its turn.
 *
 * @param <T> what the task is for
 */
final class Until<T> implements RunnableFuture<T> {
    private final RunnableFuture<T> task;
    private final Runnable left;
    private final AtomicBoolean decided = new AtomicBoolean(); // whether it runs

    Until(RunnableFuture<T> task, Runnable left) {
        this.task = task;
        this.left = left;
    }

    @Override
    public void run() {
        if (decided.compareAndSet(false, true)) {
            try {
                task.run();
            } finally {
                left.run();
            }
        }
    }

    @Override
    public boolean cancel(boolean interrupt) {
        boolean cancelled = task.cancel(interrupt);
        if (decided.compareAndSet(false, true)) {
            left.run();
        }
        return cancelled;
    }

    @Override
    public boolean isCancelled() {
        return task.isCancelled();
    }

    @Override
    public boolean isDone() {
        return task.isDone();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        return task.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return task.get(timeout, unit);
    }
}
