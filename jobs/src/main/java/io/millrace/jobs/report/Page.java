package io.millrace.jobs.report;

import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Scores.Baseline;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.util.List;
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

    private static final String STYLE = """
        :root { --back: #fff; --fore: #1c2024; --quiet: #667; --grid: #e3e5e8; --naive: #889;
          --c0: #2563c9; --c1: #c2570c; --c2: #157f4f; --c3: #7a3fc4; --c4: #b3304a; --c5: #0e7490; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #15181c; --fore: #e6e8ea; --quiet: #9aa; --grid: #2b3036; --naive: #99a;
            --c0: #7fb0ff; --c1: #ffae66; --c2: #62d6a0; --c3: #c3a1ff; --c4: #ff8fa3; --c5: #5fd0e6; } }
        body { background: var(--back); color: var(--fore); font: 15px/1.5 system-ui, sans-serif;
          max-width: 800px; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin-top: 2em; }
        pre { overflow-x: auto; background: color-mix(in srgb, var(--fore) 6%, transparent); padding: 1em; }
        svg { width: 100%; height: auto; } svg text { fill: var(--quiet); font-size: 11px; }
        svg text.y { text-anchor: end; } svg text.x { text-anchor: middle; }
        svg path { fill: none; stroke-width: 1.6; stroke: currentColor; } svg .grid { stroke: var(--grid); }
        .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); }
        .c3 { color: var(--c3); } .c4 { color: var(--c4); } .c5 { color: var(--c5); }
        .naive0, .naive1 { color: var(--naive); } svg .naive0 { stroke-dasharray: 6 4; }
        svg .naive1 { stroke-dasharray: 2 3; } svg .drift { stroke: var(--c4); stroke-dasharray: 1 3; opacity: .7; }
        .legend span { margin-right: 1.2em; } .legend span::before { content: "\\2014  "; }
        .legend .drift { color: var(--c4); } .legend .drift::before { content: "\\22EE  "; }
        .note { color: var(--quiet); }
        """;

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
                .append("<meta name=\"viewport\" content=\"width=device-width\"/>\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>")
                .append(text(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(text(title))
                .append("</h1>\n<pre>");
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
        html.append("<p class=\"note\">Every event was predicted before it was learnt. no-change repeats the key's"
                        + " last")
                .append(" label; majority class and mean are known in hindsight, of each stretch by itself.</p>\n")
                .append("</body>\n</html>\n");
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
            Double y = figure.apply(Scores.of(learner.windows().get(i)));
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
            Tally window = learner.windows().get(i);
            if (window.drifts() > 0) {
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

    private void add(String title, Chart chart) {
        if (!chart.empty()) {
            html.append("<h2>").append(text(title)).append("</h2>\n").append(chart.html());
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
