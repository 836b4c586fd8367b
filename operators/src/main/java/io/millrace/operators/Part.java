package io.millrace.operators;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One subtask's part of a snapshot: written once or never, and what it is written from is released in either case, by
 * the thread that writes or by the one that takes its turn away.
 */
final class Part implements Callable<Void> {
    private final Callable<Void> write;
    private final Runnable release;
    private final AtomicBoolean decided = new AtomicBoolean();

    Part(Callable<Void> write, Runnable release) {
        this.write = write;
        this.release = release;
    }

    @Override
    public Void call() throws Exception {
        if (!decided.compareAndSet(false, true)) {
            throw new CancellationException();
        }
        try {
            return write.call();
        } finally {
            release.run();
        }
    }

    /** The part will not be written, unless that has begun. */
    void abandon() {
        if (decided.compareAndSet(false, true)) {
            release.run();
        }
    }
}
