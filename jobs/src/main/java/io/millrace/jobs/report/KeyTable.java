package io.millrace.jobs.report;

import io.millrace.jobs.run.KeyView;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Scores.Baseline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The busiest keys of a job beside their baselines, the best first, by accuracy or R2. */
public final class KeyTable {
    private static final int MOST_LINES = 10; // for people; a page has all
    private static final int LONGEST_KEY = 40;

    private record Column(String name, Function<Scores, @Nullable Double> figure) {}

    private static final List<Column> OF_CLASSES = List.of(
            new Column("accuracy", Scores::accuracy),
            new Column("log-loss", Scores::logLoss),
            new Column("kappa-temp.", Scores::kappaTemporal),
            new Column("no-change", scores -> scores.baselines().noChange().accuracy()),
            new Column("majority", scores -> of(scores.baselines().majorityClass(), Baseline::accuracy)));

    private static final List<Column> OF_VALUES = List.of(
            new Column("R2", Scores::r2),
            new Column("MAE", Scores::mae),
            new Column("RMSE", Scores::rmse),
            new Column("no-change", scores -> scores.baselines().noChange().mae()),
            new Column("mean (RMSE)", scores -> of(scores.baselines().mean(), Baseline::rmse)));

    private final List<Column> columns;
    private final List<KeyView> best;

    private KeyTable(List<KeyView> keys) {
        boolean values = keys.stream().anyMatch(key -> key.scores().mae() != null);
        columns = values ? OF_VALUES : OF_CLASSES;
        best = keys.stream()
                .sorted(Comparator.comparing(
                        key -> columns.get(0).figure.apply(key.scores()),
                        Comparator.nullsLast(Comparator.reverseOrder())))
                .toList();
    }

    private static @Nullable Double of(@Nullable Baseline baseline, Function<Baseline, @Nullable Double> figure) {
        return baseline == null ? null : figure.apply(baseline);
    }

    /** The best and the worst of them, a line each below a head; none if there are not two keys to compare. */
    public static List<String> lines(List<KeyView> keys) {
        return keys.size() < 2 ? List.of() : new KeyTable(keys).lines();
    }

    private List<String> lines() {
        String head = "busiest keys, best first";
        List<String> names = best.stream().map(key -> name(key.key())).toList();
        int width = Math.max(
                        head.length(),
                        names.stream().mapToInt(String::length).max().orElse(0))
                + 1;
        StringBuilder titles = new StringBuilder(pad(head, width)).append(String.format(Locale.ROOT, "%11s", "events"));
        columns.forEach(column -> titles.append(String.format(Locale.ROOT, "%13s", column.name)));
        List<String> lines = new ArrayList<>(List.of(titles.toString()));
        for (int i = 0; i < best.size(); i++) {
            if (best.size() > MOST_LINES && i == MOST_LINES / 2) {
                lines.add("... " + (best.size() - MOST_LINES) + " in between");
                i = best.size() - MOST_LINES / 2;
            }
            KeyView key = best.get(i);
            StringBuilder line = new StringBuilder(pad(names.get(i), width))
                    .append(String.format(Locale.ROOT, "%,11d", key.scores().events()));
            columns.forEach(column ->
                    line.append(String.format(Locale.ROOT, "%13s", Rounded.text(column.figure.apply(key.scores())))));
            lines.add(line + missed(key));
        }
        return lines;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String missed(KeyView key) {
        return key.missed() == 0 ? "" : String.format(Locale.ROOT, "  (%,d missed at most)", key.missed());
    }

    /** A key as it may be shown: keys come from events. */
    private static String name(String key) {
        String shown = key.replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= LONGEST_KEY ? shown : shown.substring(0, LONGEST_KEY - 1) + "…";
    }

    /** All of them as a table of a page; empty if there are not two keys to compare. */
    static String html(List<KeyView> keys) {
        return keys.size() < 2 ? "" : new KeyTable(keys).html();
    }

    private String html() {
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\""
                + " aria-label=\"Busiest keys\"><table>\n<thead><tr><th scope=\"col\">key</th>");
        html.append(number("th scope=\"col\"", "events")).append(number("th scope=\"col\"", "missed at most"));
        columns.forEach(column -> html.append(number("th scope=\"col\"", column.name)));
        html.append("</tr></thead>\n<tbody>\n");
        for (KeyView key : best) {
            html.append("<tr><th scope=\"row\">")
                    .append(Page.text(name(key.key())))
                    .append("</th>");
            html.append(
                    number("td", String.format(Locale.ROOT, "%,d", key.scores().events())));
            html.append(number("td", String.format(Locale.ROOT, "%,d", key.missed())));
            columns.forEach(column -> html.append(number("td", Rounded.text(column.figure.apply(key.scores())))));
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String number(String tag, String text) {
        String name = tag.substring(0, 2);
        return "<" + tag + " class=\"number\">" + text + "</" + name + ">";
    }
}
