package io.millrace.jobs.cli;

import io.millrace.jobs.report.Rounded;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Scores.Baseline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Scores as a table for people: a line for each, first of the learners, then of the naive predictors. */
final class Table {
    private final Map<String, Scores> learners;
    private final Map<String, Baseline> naive = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final int column;

    private Table(Map<String, Scores> learners) {
        this.learners = learners;
        Scores.Baselines baselines = learners.values().iterator().next().baselines();
        naive.put("no-change", baselines.noChange());
        if (baselines.majorityClass() != null) {
            naive.put("majority class", baselines.majorityClass());
        }
        if (baselines.mean() != null) {
            naive.put("mean", baselines.mean());
        }
        int longest = learners.keySet().stream().mapToInt(String::length).max().orElse(0);
        column = Math.max(16, longest + 2);
    }

    static List<String> of(Scores scores) {
        return of(Map.of("learner", scores));
    }

    /** The scores of several learners on the same events, by their names, in order; at least one. */
    static List<String> of(Map<String, Scores> learners) {
        Table table = new Table(learners);
        table.write();
        return table.lines;
    }

    private void write() {
        List<String> names = new ArrayList<>(learners.keySet());
        names.addAll(naive.keySet());
        lines.add(line("", names));
        add("accuracy", Scores::accuracy, Baseline::accuracy);
        add("balanced", Scores::balancedAccuracy, Baseline::balancedAccuracy);
        add("macro-F1", Scores::macroF1, Baseline::macroF1);
        add("kappa", Scores::kappa, Baseline::kappa);
        add("kappa-temporal", Scores::kappaTemporal, none -> null);
        add("kappa-M", Scores::kappaM, none -> null);
        add("log-loss", Scores::logLoss, Baseline::logLoss);
        add("Brier", Scores::brier, Baseline::brier);
        add("ROC AUC", Scores::rocAuc, none -> null);
        add("calibration", Scores::calibrationError, none -> null);
        add("MAE", Scores::mae, Baseline::mae);
        add("RMSE", Scores::rmse, Baseline::rmse);
        add("R2", Scores::r2, none -> null);
        add("pinball", Scores::pinball, Baseline::pinball);
    }

    /** A line for a score, unless no learner has it. */
    private void add(
            String name,
            Function<Scores, @Nullable Double> ofLearner,
            Function<Baseline, @Nullable Double> ofBaseline) {
        List<@Nullable Double> figures = new ArrayList<>();
        learners.values().forEach(scores -> figures.add(ofLearner.apply(scores)));
        if (figures.stream().allMatch(figure -> figure == null)) {
            return;
        }
        naive.values().forEach(baseline -> figures.add(ofBaseline.apply(baseline)));
        lines.add(line(name, figures.stream().map(Table::figure).toList()));
    }

    private String line(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, "%" + column + "s", cell));
        }
        return line.toString().stripTrailing();
    }

    private static String figure(@Nullable Double figure) {
        return figure == null ? "" : Rounded.text(figure);
    }
}
