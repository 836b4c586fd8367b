package io.millrace.jobs.cli;

import io.millrace.jobs.report.Evaluated;
import io.millrace.models.metrics.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
                figure(scores.accuracy()),
                figure(scores.logLoss()),
                figure(scores.kappaTemporal()),
                figure(scores.baselines().noChange().accuracy()),
                figure(majority.accuracy()));
    }

    private static String values(String name, Scores scores) {
        Scores.Baseline mean = scores.baselines().mean();
        return line(
                name,
                figure(scores.mae()),
                figure(scores.rmse()),
                figure(scores.r2()),
                figure(scores.baselines().noChange().mae()),
                figure(mean == null ? null : mean.rmse()));
    }

    private static String line(String name, String... figures) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        for (String figure : figures) {
            line.append(String.format(Locale.ROOT, "%13s", figure));
        }
        return line.toString();
    }

    private static String figure(@Nullable Double figure) {
        return figure == null ? "-" : String.format(Locale.ROOT, "%.4f", figure);
    }
}
