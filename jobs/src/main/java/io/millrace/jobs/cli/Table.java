package io.millrace.jobs.cli;

import io.millrace.models.metrics.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Scores as a table for people: the learner's line, then the naive predictors'. */
final class Table {
    private Table() {}

    static List<String> of(Scores scores) {
        return scores.baselines().majorityClass() != null ? classes(scores) : values(scores);
    }

    private static List<String> classes(Scores scores) {
        List<String> lines = new ArrayList<>();
        lines.add(line("", "accuracy", "log-loss", "kappa", "kappa-temporal"));
        lines.add(line(
                "learner",
                figure(scores.accuracy()),
                figure(scores.logLoss()),
                figure(scores.kappa()),
                figure(scores.kappaTemporal())));
        lines.add(line("no-change", figure(scores.baselines().noChange().accuracy())));
        Scores.Baseline majority = scores.baselines().majorityClass();
        lines.add(line("majority class", figure(majority == null ? null : majority.accuracy())));
        return lines;
    }

    private static List<String> values(Scores scores) {
        List<String> lines = new ArrayList<>();
        lines.add(line("", "MAE", "RMSE", "R2"));
        lines.add(line("learner", figure(scores.mae()), figure(scores.rmse()), figure(scores.r2())));
        Scores.Baseline noChange = scores.baselines().noChange();
        lines.add(line("no-change", figure(noChange.mae()), figure(noChange.rmse())));
        Scores.Baseline mean = scores.baselines().mean();
        lines.add(line("mean", "", figure(mean == null ? null : mean.rmse())));
        return lines;
    }

    private static String line(String name, String... figures) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        for (String figure : figures) {
            line.append(String.format(Locale.ROOT, "%16s", figure));
        }
        return line.toString().stripTrailing();
    }

    private static String figure(@Nullable Double figure) {
        return figure == null ? "-" : String.format(Locale.ROOT, "%.4f", figure);
    }
}
