package io.millrace.jobs.cli;

import io.millrace.operators.Telemetry;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints how the learning goes, now and then. */
final class Progress implements Consumer<Telemetry> {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final PrintWriter out;
    private final long everyNanos;
    private long printedAt = System.nanoTime();
    private long printedEvents;

    Progress(PrintWriter out, int everySeconds) {
        this.out = out;
        this.everyNanos = everySeconds * NANOS_PER_SECOND;
    }

    @Override
    public synchronized void accept(Telemetry telemetry) {
        long now = System.nanoTime();
        if (now - printedAt >= everyNanos) {
            long events = telemetry.overall().predictions();
            double seconds = (now - printedAt) / (double) NANOS_PER_SECOND;
            out.println(Figure.line(telemetry, (events - printedEvents) / seconds));
            out.flush();
            printedAt = now;
            printedEvents = events;
        }
    }
}
