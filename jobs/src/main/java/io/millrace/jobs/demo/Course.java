package io.millrace.jobs.demo;

import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the learning has gone so far, in bounded room however long it goes. Used by several threads. */
public final class Course {
    private static final long RECENT = 4000;
    private static final long RECENT_NANOS = 3_000_000_000L;

    private record Window(long from, long to, Tally tally, long nanos) {
        /** Average speed up to a later window, events a second. */
        double speedTo(Window later) {
            return later.nanos == nanos ? 0 : (later.to - to) * 1e9 / (later.nanos - nanos);
        }
    }

    private final Past past = new Past();
    private final List<Window> latest = new ArrayList<>(); // the first goes back so many events and nanoseconds
    private @Nullable Window first;
    private @Nullable Telemetry last;

    /** Takes the next window. */
    public synchronized void add(Telemetry telemetry) {
        long to = telemetry.overall().scored();
        Window window = new Window(to - telemetry.window().scored(), to, telemetry.window(), System.nanoTime());
        past.add(window.from, to, window.tally.sums());
        latest.add(window);
        while (latest.size() > 1 && isLongAgo(latest.get(1), window)) {
            latest.remove(0);
        }
        first = first == null ? window : first;
        last = telemetry;
    }

    private boolean isLongAgo(Window window, Window now) {
        boolean enoughEvents = now.to - window.from >= RECENT || latest.size() > RECENT; // some may have no label
        return enoughEvents && now.nanos - window.nanos >= RECENT_NANOS;
    }

    /** Everything counted so far. */
    public synchronized Tally overall() {
        return last == null ? Tally.NONE : last.overall();
    }

    /** How many events came to their end, one way or another. A refused step is that of an event that was predicted. */
    public synchronized long events() {
        Tally overall = overall();
        long refusedSteps = overall.scored() - overall.updates();
        return overall.predictions() + overall.deadLetters() - refusedSteps;
    }

    /** Average speed from the first window to the last, events a second. */
    public synchronized double eventsPerSecond() {
        return first == null ? 0 : first.speedTo(latest.get(latest.size() - 1));
    }

    /** Average speed over the last three seconds or so, events a second. */
    public synchronized double recentEventsPerSecond() {
        int newest = latest.size() - 1;
        int oldest = newest;
        while (oldest > 0 && latest.get(newest).nanos - latest.get(oldest).nanos < RECENT_NANOS) {
            oldest--;
        }
        return newest < 0 ? 0 : latest.get(oldest).speedTo(latest.get(newest));
    }

    /** The figures of the last few thousand events. */
    public synchronized Tally recent() {
        Tally sum = Tally.NONE;
        for (Window window : latest) {
            if (window.from >= latest.get(latest.size() - 1).to - RECENT) {
                sum = sum.plus(window.tally);
            }
        }
        return sum;
    }

    /** A line per drift: accuracy before it, at its worst and after it; empty if there is no drift. */
    public synchronized List<String> drifts(List<Drift> drifts, long events) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < drifts.size(); i++) {
            Drift drift = drifts.get(i);
            long before = i == 0 ? 0 : drifts.get(i - 1).end();
            long after = i + 1 < drifts.size() ? drifts.get(i + 1).start() : events;
            long stretch = Math.max(1, Math.min(drift.start() - before, after - drift.end()) / 3);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-28s %,11d %9s %9s %9s",
                    drift.name(),
                    drift.start(),
                    figure(past.accuracy(drift.start() - stretch, drift.start())),
                    figure(past.worst(drift.start(), drift.end() + stretch)),
                    figure(past.accuracy(after - stretch, after))));
        }
        if (!lines.isEmpty()) {
            lines.add(
                    0,
                    String.format(
                            Locale.ROOT, "%-28s %11s %9s %9s %9s", "drift", "at event", "before", "worst", "after"));
        }
        return lines;
    }

    private static String figure(Optional<Double> accuracy) {
        return accuracy.map(known -> String.format(Locale.ROOT, "%.4f", known)).orElse("-");
    }
}
