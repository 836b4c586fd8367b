package io.millrace.operators;

import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;

/**
 * A task that waits for another to be done first, in the same thread; it fails or is cancelled with that.
 *
 * @param <T> what the task is for
 */
final class After<T> extends FutureTask<T> {
    private final RunnableFuture<Void> first;
    private final RunnableFuture<T> task;

    After(RunnableFuture<Void> first, RunnableFuture<T> task) {
        super(() -> {
            first.run();
            first.get();
            task.run();
            return task.get();
        });
        this.first = first;
        this.task = task;
    }

    /** Cancels both, so that they give back what they hold even if their turn has never come. */
    @Override
    public boolean cancel(boolean interrupt) {
        task.cancel(interrupt);
        boolean cancelled = super.cancel(interrupt);
        first.cancel(interrupt);
        return cancelled;
    }

    @Override
    protected void setException(Throwable reason) {
        task.cancel(true);
        super.setException(reason);
    }
}
