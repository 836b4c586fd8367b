package io.millrace.jobs.demo;

import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the learning has gone so far: every window of telemetry, in order. Used by several threads. */
public final class Course {
    private static final long RECENT = 4000;
    private static final long RECENT_NANOS = 3_000_000_000L;

    private record Window(long from, long to, Tally tally, long nanos) {}

    private final List<Window> windows = new ArrayList<>();
    private @Nullable Telemetry last;

    /** Takes the next window. */
    public synchronized void add(Telemetry telemetry) {
        long to = telemetry.overall().scored();
        windows.add(new Window(to - telemetry.window().scored(), to, telemetry.window(), System.nanoTime()));
        last = telemetry;
    }

    /** Everything counted so far. */
    public synchronized Tally overall() {
        return last == null ? Tally.NONE : last.overall();
    }

    /** Average speed from the first window to the last, events a second. */
    public synchronized double eventsPerSecond() {
        return speed(0);
    }

    /** Average speed over the last three seconds or so, events a second. */
    public synchronized double recentEventsPerSecond() {
        int first = windows.size() - 1;
        while (first > 0 && windows.get(windows.size() - 1).nanos - windows.get(first).nanos < RECENT_NANOS) {
            first--;
        }
        return speed(first);
    }

    private double speed(int first) {
        if (windows.size() - first < 2 || first < 0) {
            return 0;
        }
        Window newest = windows.get(windows.size() - 1);
        Window oldest = windows.get(first);
        return (newest.to - oldest.to) * 1e9 / (newest.nanos - oldest.nanos);
    }

    /** The figures of the last few thousand events. */
    public synchronized Tally recent() {
        long to = windows.isEmpty() ? 0 : windows.get(windows.size() - 1).to;
        return between(to - RECENT, to);
    }

    private Tally between(long from, long to) {
        Tally sum = Tally.NONE;
        for (int i = windows.size() - 1; i >= 0 && windows.get(i).to > from; i--) {
            if (windows.get(i).from >= from && windows.get(i).to <= to) {
                sum = sum.plus(windows.get(i).tally);
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
                    accuracy(between(drift.start() - stretch, drift.start())),
                    worst(drift.start(), drift.end() + stretch),
                    accuracy(between(after - stretch, after))));
        }
        if (!lines.isEmpty()) {
            lines.add(
                    0,
                    String.format(
                            Locale.ROOT, "%-28s %11s %9s %9s %9s", "drift", "at event", "before", "worst", "after"));
        }
        return lines;
    }

    private String worst(long from, long to) {
        return windows.stream()
                .filter(window -> window.from >= from && window.to <= to && window.tally.scored() >= 500)
                .map(window -> Scores.of(window.tally).accuracy())
                .filter(Objects::nonNull)
                .min(Double::compare)
                .map(Course::figure)
                .orElse("-");
    }

    private static String accuracy(Tally tally) {
        Double accuracy = Scores.of(tally).accuracy();
        return accuracy == null ? "-" : figure(accuracy);
    }

    private static String figure(double accuracy) {
        return String.format(Locale.ROOT, "%.4f", accuracy);
    }
}
