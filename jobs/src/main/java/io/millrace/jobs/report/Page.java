package io.millrace.jobs.report;

import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Scores.Baseline;
import io.millrace.models.metrics.Sums;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation as one HTML page that needs nothing else: plots are inline SVG, colours follow the reader's light or dark
 * setting. Well-formed as XML, too.
 */
public final class Page {
    private static final int MOST_POINTS = 150;
    private static final int COLOURS = 6;
    private static final double UNKNOWN = Double.NaN;

    private static final String STYLE = resource("base.css") + resource("report.css");

    private final List<Evaluated> learners;
    private final StringBuilder html = new StringBuilder();

    private Page(List<Evaluated> learners) {
        this.learners =
                learners.stream().map(each -> each.inWindows(MOST_POINTS)).toList();
    }

    /**
     * Writes the page.
     *
     * @param title what was evaluated on what
     * @param summary lines of text, shown as they are
     * @param learners at least one, on the same events
     */
    public static String of(String title, List<String> summary, List<Evaluated> learners) {
        Page page = new Page(learners);
        page.write(title, summary);
        return page.html.toString();
    }

    private void write(String title, List<String> summary) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>")
                .append(text(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(text(title))
                .append("</h1>\n<pre tabindex=\"0\" role=\"region\" aria-label=\"Scores\">");
        summary.forEach(line -> html.append(text(line)).append('\n'));
        html.append("</pre>\n");
        if (learners.get(0).overall().sums().classes() > 0) {
            course("Accuracy over time", "accuracy", Scores::accuracy, Baseline::accuracy);
            course("Loss over time", "log-loss, nats", Scores::logLoss, Baseline::logLoss);
            calibration();
        } else {
            course("Error over time", "mean absolute error", Scores::mae, Baseline::mae);
            course("Loss over time", "root mean squared error", Scores::rmse, Baseline::rmse);
        }
        learners.forEach(this::keys);
        html.append("<p class=\"note\">Every event was predicted before it was learnt. no-change repeats the key's"
                        + " last")
                .append(" label; majority class and mean are those of the labels known so far.</p>\n")
                .append("</main>\n</body>\n</html>\n");
    }

    private void course(
            String title,
            String axis,
            Function<Scores, @Nullable Double> score,
            Function<Baseline, @Nullable Double> naive) {
        Chart chart = new Chart("events", axis);
        Evaluated first = learners.get(0);
        line(
                chart,
                "no-change",
                "naive0",
                first,
                scores -> naive.apply(scores.baselines().noChange()));
        line(
                chart,
                "majority class",
                "naive1",
                first,
                scores -> of(scores.baselines().majorityClass(), naive));
        line(chart, "mean", "naive1", first, scores -> of(scores.baselines().mean(), naive));
        for (int i = 0; i < learners.size(); i++) {
            line(chart, learners.get(i).name(), "c" + i % COLOURS, learners.get(i), score);
            markDrifts(chart, learners.get(i));
        }
        add(title, chart);
    }

    private static @Nullable Double of(@Nullable Baseline baseline, Function<Baseline, @Nullable Double> figure) {
        return baseline == null ? null : figure.apply(baseline);
    }

    private static void line(
            Chart chart, String name, String style, Evaluated learner, Function<Scores, @Nullable Double> figure) {
        double[] xs = ends(learner);
        double[] ys = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            Double y = figure.apply(learner.windows().get(i).scores());
            ys[i] = y == null ? UNKNOWN : y;
        }
        chart.line(name, style, xs, ys);
    }

    /** How many events were scored up to the end of each window. */
    private static double[] ends(Evaluated learner) {
        double[] ends = new double[learner.windows().size()];
        double end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += learner.windows().get(i).scored();
            ends[i] = end;
        }
        return ends;
    }

    private static void markDrifts(Chart chart, Evaluated learner) {
        double[] ends = ends(learner);
        for (int i = 0; i < ends.length; i++) {
            if (learner.windows().get(i).drifts() > 0) {
                chart.mark(ends[i]);
            }
        }
    }

    private void calibration() {
        Chart chart = new Chart("probability of the chosen class", "share that was right");
        chart.line("calibrated", "naive0", new double[] {0, 1}, new double[] {0, 1});
        for (int i = 0; i < learners.size(); i++) {
            Sums sums = learners.get(i).overall().sums();
            double[] xs = new double[Sums.CONFIDENCE_BINS];
            double[] ys = new double[xs.length];
            for (int bin = 0; bin < xs.length; bin++) {
                Sums.Confidence confidence = sums.confidence(bin);
                xs[bin] = confidence.confidence();
                ys[bin] = confidence.accuracy();
            }
            chart.line(learners.get(i).name(), "c" + i % COLOURS, xs, ys);
        }
        add("Calibration", chart);
    }

    private void keys(Evaluated learner) {
        String table = KeyTable.html(learner.keys());
        if (!table.isEmpty()) {
            String title = "Busiest keys" + (learners.size() == 1 ? "" : " of " + learner.name());
            html.append("<h2>").append(text(title)).append("</h2>\n").append(table);
        }
    }

    private void add(String title, Chart chart) {
        if (!chart.empty()) {
            html.append("<h2>").append(text(title)).append("</h2>\n").append(chart.html());
        }
    }

    private static String resource(String name) {
        try (InputStream resource = Page.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(resource, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** A text as HTML and XML write it. */
    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
