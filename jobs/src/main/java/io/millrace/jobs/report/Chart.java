package io.millrace.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line chart as SVG, for a page that holds its colours: lines have the CSS class they are given. */
final class Chart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 280;
    private static final int LEFT = 58;
    private static final int RIGHT = 28;
    private static final int TOP = 12;
    private static final int BOTTOM = 40;
    private static final int TICKS = 5;

    /** One line; NaN is a gap. */
    private record Line(String name, String style, double[] xs, double[] ys) {}

    private final String xAxis;
    private final String yAxis;
    private final List<Line> lines = new ArrayList<>();
    private final List<Double> marks = new ArrayList<>();
    private double leastX = Double.POSITIVE_INFINITY;
    private double mostX = Double.NEGATIVE_INFINITY;
    private double leastY = Double.POSITIVE_INFINITY;
    private double mostY = Double.NEGATIVE_INFINITY;

    Chart(String xAxis, String yAxis) {
        this.xAxis = xAxis;
        this.yAxis = yAxis;
    }

    /** Adds a line through points of equal number; nothing if all are gaps. */
    void line(String name, String style, double[] xs, double[] ys) {
        boolean seen = false;
        for (int i = 0; i < xs.length; i++) {
            if (Double.isFinite(ys[i])) {
                include(xs[i], ys[i]);
                seen = true;
            }
        }
        if (seen) {
            lines.add(new Line(name, style, xs, ys));
        }
    }

    /** Makes room for a point. */
    void include(double x, double y) {
        leastX = Math.min(leastX, x);
        mostX = Math.max(mostX, x);
        leastY = Math.min(leastY, y);
        mostY = Math.max(mostY, y);
    }

    /** Marks a place on the x axis. */
    void mark(double x) {
        marks.add(x);
    }

    boolean empty() {
        return lines.isEmpty();
    }

    /** The chart and, below it, what its lines are. */
    String html() {
        StringBuilder html = new StringBuilder();
        html.append(String.format(
                Locale.ROOT,
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%4$s\">"
                        + "<svg viewBox=\"0 0 %1$d %2$d\" role=\"img\" aria-label=\"%3$s\">\n",
                WIDTH,
                HEIGHT,
                Page.text(spoken()),
                Page.text(yAxis)));
        axes(html);
        for (double mark : marks) {
            html.append(String.format(
                    Locale.ROOT,
                    "<line class=\"drift\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
                    x(mark),
                    x(mark),
                    TOP,
                    HEIGHT - BOTTOM));
        }
        lines.forEach(line -> html.append("<path class=\"")
                .append(line.style)
                .append("\" d=\"")
                .append(path(line))
                .append("\"/>\n"));
        html.append("</svg></div>\n<p class=\"legend\">");
        lines.forEach(line -> html.append("<span class=\"")
                .append(line.style)
                .append("\">")
                .append(Page.text(line.name))
                .append("</span> "));
        if (!marks.isEmpty()) {
            html.append("<span class=\"drift\">drift alarm</span>");
        }
        return html.append("</p>\n").toString();
    }

    /** The chart in words: each line with its last point. */
    private String spoken() {
        StringBuilder spoken = new StringBuilder(yAxis + " over " + xAxis);
        for (Line line : lines) {
            int last = line.ys.length - 1;
            while (!Double.isFinite(line.ys[last])) {
                last--;
            }
            spoken.append("; ")
                    .append(line.name)
                    .append(": ")
                    .append(number(line.ys[last]))
                    .append(" at the end");
        }
        return spoken.toString();
    }

    private void axes(StringBuilder html) {
        for (double tick : ticks(leastY, mostY)) {
            html.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                    LEFT,
                    WIDTH - RIGHT,
                    y(tick),
                    y(tick),
                    LEFT - 6,
                    y(tick) + 4,
                    number(tick)));
        }
        for (double tick : ticks(leastX, mostX)) {
            html.append(String.format(
                    Locale.ROOT,
                    "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>\n",
                    x(tick),
                    HEIGHT - BOTTOM + 16,
                    number(tick)));
        }
        html.append(String.format(
                Locale.ROOT,
                "<text class=\"x\" x=\"%d\" y=\"%d\">%s</text>\n",
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 6,
                Page.text(xAxis)));
    }

    private String path(Line line) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < line.xs.length; i++) {
            boolean point = Double.isFinite(line.ys[i]);
            if (point) {
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x(line.xs[i]), y(line.ys[i])));
            }
            pen = point;
        }
        return path.toString();
    }

    private double x(double x) {
        return LEFT + (x - leastX) / span(leastX, mostX) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double y) {
        return HEIGHT - BOTTOM - (y - leastY) / span(leastY, mostY) * (HEIGHT - TOP - BOTTOM);
    }

    private static double span(double least, double most) {
        return most > least ? most - least : Math.max(1, Math.abs(least) / 10); // an ulp of 1e17 is more than 1
    }

    /** Round numbers between two others: multiples of 1, 2 or 5 times a power of ten. */
    static List<Double> ticks(double least, double most) {
        double rough = span(least, most) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(least / step); i * step <= most; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private static String number(double number) {
        return Math.abs(number) >= 100 || number == Math.rint(number)
                ? String.format(Locale.ROOT, "%,.0f", number)
                : String.format(Locale.ROOT, "%.3g", number)
                        .replaceAll("(\\.\\d*?)0+$", "$1")
                        .replaceAll("\\.$", "");
    }
}
