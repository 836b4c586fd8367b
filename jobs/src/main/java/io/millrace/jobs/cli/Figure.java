package io.millrace.jobs.cli;

import io.millrace.models.metrics.Joins;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.util.Locale;

/** How the learning goes, in one line for people. */
final class Figure {
    private Figure() {}

    /**
     * The line.
     *
     * @param eventsPerSecond the present speed
     */
    static String line(Telemetry telemetry, double eventsPerSecond) {
        Tally overall = telemetry.overall();
        Scores scores = Scores.of(telemetry.window());
        StringBuilder line = new StringBuilder(
                count(overall.predictions(), "event") + String.format(Locale.ROOT, " (%,.0f/s)", eventsPerSecond));
        Scores.Baseline majority = scores.baselines().majorityClass();
        if (scores.accuracy() != null && majority != null) {
            line.append(String.format(
                    Locale.ROOT,
                    ", last %,d: accuracy %.4f (no-change %.4f, majority %.4f), log-loss %.4f",
                    scores.events(),
                    scores.accuracy(),
                    scores.baselines().noChange().accuracy(),
                    majority.accuracy(),
                    scores.logLoss()));
        } else if (scores.mae() != null) {
            line.append(String.format(
                    Locale.ROOT,
                    ", last %,d: MAE %.4f (no-change %.4f)",
                    scores.events(),
                    scores.mae(),
                    scores.baselines().noChange().mae()));
        }
        if (!overall.joins().none()) {
            line.append(labels(overall.joins()));
        }
        return line.append(", ")
                .append(count(overall.models(), "model"))
                .append(", ")
                .append(count(overall.deadLetters(), "dead letter"))
                .toString();
    }

    private static String labels(Joins joins) {
        String joined = Double.isNaN(joins.rate())
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %.1f%% of labels joined, after %s (p50) %s (p99)",
                        100 * joins.rate(),
                        time(joins.delayMillis(50)),
                        time(joins.delayMillis(99)));
        return joined + ", " + count(joins.pending(), "label") + " pending";
    }

    /** A time in the largest unit of which it is one at least. */
    private static String time(double millis) {
        if (millis < 1_000) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
        }
        if (millis < 3_600_000) {
            return String.format(Locale.ROOT, "%.1f min", millis / 60_000);
        }
        return millis < 86_400_000
                ? String.format(Locale.ROOT, "%.1f h", millis / 3_600_000)
                : String.format(Locale.ROOT, "%.1f d", millis / 86_400_000);
    }

    /** So many things, as in {@code 1 model} or {@code 2,000 models}. */
    static String count(long number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }
}
