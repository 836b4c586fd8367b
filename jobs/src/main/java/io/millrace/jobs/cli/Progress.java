package io.millrace.jobs.cli;

import io.millrace.operators.Telemetry;
import java.io.PrintWriter;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Prints how the learning goes every few seconds in which something happened, on a thread of its own. */
final class Progress implements Consumer<Telemetry>, AutoCloseable {
    private final PrintWriter out;
    private final int everySeconds;
    private final AtomicReference<@Nullable Telemetry> unprinted = new AtomicReference<>();
    private final Timer clock = new Timer("millrace-progress", true);
    private long printedEvents;

    Progress(PrintWriter out, int everySeconds) {
        this.out = out;
        this.everySeconds = everySeconds;
        TimerTask print = new TimerTask() {
            @Override
            public void run() {
                print();
            }
        };
        clock.schedule(print, everySeconds * 1000L, everySeconds * 1000L);
    }

    @Override
    public void accept(Telemetry telemetry) {
        unprinted.set(telemetry);
    }

    private void print() {
        Telemetry telemetry = unprinted.getAndSet(null);
        if (telemetry != null) {
            long events = telemetry.overall().predictions();
            out.println(Figure.line(telemetry, (events - printedEvents) / (double) everySeconds));
            out.flush();
            printedEvents = events;
        }
    }

    @Override
    public void close() {
        clock.cancel();
    }
}
