package io.millrace.jobs.cli;

import io.millrace.jobs.report.Evaluated;
import io.millrace.models.metrics.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Scores of a job whose labels come later and later, a line per delay, beside what naive predictors reached. */
final class DelayTable {
    private DelayTable() {}

    /** The lines, of jobs that all predict classes or all predict values. */
    static List<String> of(List<Evaluated> learners) {
        List<String> lines = new ArrayList<>();
        learners.forEach(learner -> {
            String delay = learner.name();
            Scores one = learner.scores();
            Scores.Baseline majority = one.baselines().majorityClass();
            if (lines.isEmpty()) {
                lines.add(
                        majority != null
                                ? line("delay", "accuracy", "log-loss", "kappa-temp.", "no-change", "majority")
                                : line("delay", "MAE", "RMSE", "R2", "no-change", "mean (RMSE)"));
            }
            lines.add(majority != null ? classes(delay, one, majority) : values(delay, one));
        });
        return lines;
    }

    private static String classes(String delay, Scores scores, Scores.Baseline majority) {
        return line(
                delay,
                figure(scores.accuracy()),
                figure(scores.logLoss()),
                figure(scores.kappaTemporal()),
                figure(scores.baselines().noChange().accuracy()),
                figure(majority.accuracy()));
    }

    private static String values(String delay, Scores scores) {
        Scores.Baseline mean = scores.baselines().mean();
        return line(
                delay,
                figure(scores.mae()),
                figure(scores.rmse()),
                figure(scores.r2()),
                figure(scores.baselines().noChange().mae()),
                figure(mean == null ? null : mean.rmse()));
    }

    private static String line(String delay, String... figures) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", delay));
        for (String figure : figures) {
            line.append(String.format(Locale.ROOT, "%13s", figure));
        }
        return line.toString();
    }

    private static String figure(@Nullable Double figure) {
        return figure == null ? "-" : String.format(Locale.ROOT, "%.4f", figure);
    }
}
