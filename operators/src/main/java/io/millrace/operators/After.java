package io.millrace.operators;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;

/**
 * A task that waits for something else to be done first, in the same thread; it fails or is cancelled with that.
 *
 * @param <T> what the task is for
 */
final class After<T> extends FutureTask<T> {
    private final RunnableFuture<T> task;

    After(Callable<Void> first, RunnableFuture<T> task) {
        super(() -> {
            first.call();
            task.run();
            return task.get();
        });
        this.task = task;
    }

    /** Cancels both, so that the task gives back what it holds even if its turn has never come. */
    @Override
    public boolean cancel(boolean interrupt) {
        task.cancel(interrupt);
        return super.cancel(interrupt);
    }

    @Override
    protected void setException(Throwable reason) {
        task.cancel(true);
        super.setException(reason);
    }
}
