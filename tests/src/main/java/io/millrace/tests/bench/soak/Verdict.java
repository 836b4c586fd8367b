package io.millrace.tests.bench.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Whether a figure stays what it was: the mean of the last third against that of the first, without the first stretch. */
final class Verdict {
    private static final double ALLOWED = 0.10;

    private final List<Stretch> stretches;
    private boolean flat = true;

    Verdict(List<Stretch> stretches) {
        this.stretches = stretches.subList(1, stretches.size()); // the JVM compiles, models come into being
    }

    /** A sentence on each figure. */
    List<String> sentences() {
        return List.of(
                sentence("events per CPU second", -1, Stretch::eventsPerCpuSecond),
                sentence("heap", 1, Stretch::heapBytes),
                sentence("resident memory", 1, Stretch::residentBytes),
                sentence("checkpoint", 1, Stretch::checkpointBytes));
    }

    boolean flat() {
        return flat;
    }

    /** Holds one figure to what is allowed; the worse direction is 1 for up and -1 for down. */
    private String sentence(String name, int worse, ToDoubleFunction<Stretch> figure) {
        int third = stretches.size() / 3;
        double first = mean(stretches.subList(0, third), figure);
        double last = mean(stretches.subList(stretches.size() - third, stretches.size()), figure);
        double change = first == 0 ? 0 : last / first - 1;
        boolean kept = change * worse <= ALLOWED;
        flat &= kept;
        return String.format(
                Locale.ROOT,
                "%s: %+.1f %% from the first third to the last, %s",
                name,
                100 * change,
                kept ? "flat" : "NOT flat");
    }

    private static double mean(List<Stretch> some, ToDoubleFunction<Stretch> figure) {
        return some.stream().mapToDouble(figure).average().orElse(0);
    }
}
