package io.millrace.jobs.cli;

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
                String.format(Locale.ROOT, "%,d events (%,.0f/s)", overall.predictions(), eventsPerSecond));
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
        return line.append(String.format(
                        Locale.ROOT, ", %,d models, %,d dead letters", overall.models(), overall.deadLetters()))
                .toString();
    }
}
