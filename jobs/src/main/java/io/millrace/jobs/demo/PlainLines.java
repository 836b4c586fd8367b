package io.millrace.jobs.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One line at most every few seconds, and one at the end: for logs, pipes and dumb terminals. */
final class PlainLines implements Display {
    private static final long PAUSE_NANOS = Duration.ofSeconds(3).toNanos();

    private final PrintStream out;
    private final Look look;
    private final LongSupplier nanoClock;
    private long due;
    private @Nullable Figures unsaid;

    PlainLines(PrintStream out, Look look, LongSupplier nanoClock) {
        this.out = out;
        this.look = look;
        this.nanoClock = nanoClock;
        this.due = nanoClock.getAsLong() + PAUSE_NANOS;
    }

    @Override
    public void show(Figures now) {
        unsaid = now;
        if (nanoClock.getAsLong() - due >= 0) {
            due = nanoClock.getAsLong() + PAUSE_NANOS;
            say();
        }
    }

    @Override
    public void close() {
        say();
    }

    private void say() {
        if (unsaid != null) {
            out.println(Board.line(unsaid, look));
            out.flush();
            unsaid = null;
        }
    }
}
