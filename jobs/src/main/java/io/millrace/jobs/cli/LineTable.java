package io.millrace.jobs.cli;

import io.millrace.jobs.report.Evaluated;
import io.millrace.jobs.report.Rounded;
import io.millrace.models.metrics.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Scores of one job under several conditions, a line for each, beside what naive predictors reached. */
final class LineTable {
    private LineTable() {}

    /**
     * The lines, of jobs that all predict classes or all predict values.
     *
     * @param condition what the learners' names say
     */
    static List<String> of(String condition, List<Evaluated> learners) {
        List<String> lines = new ArrayList<>();
        learners.forEach(learner -> {
            String name = learner.name();
            Scores one = learner.scores();
            Scores.Baseline majority = one.baselines().majorityClass();
            if (lines.isEmpty()) {
                lines.add(
                        majority != null
                                ? line(condition, "accuracy", "log-loss", "kappa-temp.", "no-change", "majority")
                                : line(condition, "MAE", "RMSE", "R2", "no-change", "mean (RMSE)"));
            }
            lines.add(majority != null ? classes(name, one, majority) : values(name, one));
        });
        return lines;
    }

    private static String classes(String name, Scores scores, Scores.Baseline majority) {
        return line(
                name,
                Rounded.text(scores.accuracy()),
                Rounded.text(scores.logLoss()),
                Rounded.text(scores.kappaTemporal()),
                Rounded.text(scores.baselines().noChange().accuracy()),
                Rounded.text(majority.accuracy()));
    }

    private static String values(String name, Scores scores) {
        Scores.Baseline mean = scores.baselines().mean();
        return line(
                name,
                Rounded.text(scores.mae()),
                Rounded.text(scores.rmse()),
                Rounded.text(scores.r2()),
                Rounded.text(scores.baselines().noChange().mae()),
                Rounded.text(mean == null ? null : mean.rmse()));
    }

    private static String line(String name, String... figures) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        for (String figure : figures) {
            line.append(String.format(Locale.ROOT, "%13s", figure));
        }
        return line.toString();
    }
}
