package io.millrace.jobs.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Lays figures out as lines of text, no line longer than the terminal is wide. Pure: prints nothing. */
final class Board {
    private static final int CAPTION = 17;
    private static final int NARROWEST = 40;
    private static final int WIDEST = 100;
    private static final String QUIET = "faint";
    private static final String PLAIN = "";

    private final Look look;
    private final int width;
    private final List<String> lines = new ArrayList<>();

    private Board(Look look, int columns) {
        this.look = look;
        this.width = Math.max(NARROWEST, Math.min(WIDEST, columns - 1)); // a full line would wrap on some terminals
    }

    /**
     * The whole board.
     *
     * @param columns width of the terminal, characters
     */
    static List<String> lines(Figures now, Curve accuracy, Curve baseline, List<Drift> drifts, Look look, int columns) {
        Board board = new Board(look, columns);
        board.progress(now);
        board.table(now);
        board.curves(accuracy.columns(board.chart()), baseline.columns(board.chart()));
        drifts.forEach(drift -> board.mark(drift, now));
        return board.lines;
    }

    /** The figures as one line, for a log or a file. */
    static String line(Figures now, Look look) {
        Board board = new Board(look, WIDEST);
        return String.format(
                Locale.ROOT,
                "%,d/%,d events  %,.0f events/s  accuracy %s (majority %s, no-change %s)  kappa-temporal %s"
                        + "  log-loss %s nat  latency p50 %s p99 %s  %,d models  %,d dead letters",
                now.events(),
                now.planned(),
                now.eventsPerSecond(),
                board.score(now.accuracy()),
                board.score(now.majority()),
                board.score(now.noChange()),
                board.score(now.kappaTemporal()),
                board.score(now.logLoss()),
                board.millis(now.p50Millis()),
                board.millis(now.p99Millis()),
                now.models(),
                now.deadLetters());
    }

    private void progress(Figures now) {
        String done = String.format(
                Locale.ROOT, " %3.0f %%  %,d of %,d events", 100 * now.done(), now.events(), now.planned());
        int room = Math.max(8, width - done.length() - 1);
        int filled = (int) (room * now.done());
        String bar = look.bar();
        line(
                PLAIN,
                " ",
                "green",
                bar.substring(0, 1).repeat(filled),
                QUIET,
                bar.substring(1).repeat(room - filled),
                "bold",
                done);
        line();
    }

    private void table(Figures now) {
        String verdict = now.accuracy() > now.baseline() ? "bold,green" : "bold,yellow";
        line(
                PLAIN,
                caption("accuracy"),
                verdict,
                score(now.accuracy()),
                QUIET,
                "   majority class ",
                PLAIN,
                score(now.majority()),
                QUIET,
                "   no change ",
                PLAIN,
                score(now.noChange()));
        line(
                PLAIN,
                caption("kappa-temporal"),
                "bold",
                score(now.kappaTemporal()),
                QUIET,
                "   1 is perfect, 0 no better than no change");
        line(PLAIN, caption("log-loss"), "bold", score(now.logLoss()), QUIET, " nat");
        line(
                PLAIN,
                caption("speed"),
                "bold",
                String.format(Locale.ROOT, "%,.0f", now.eventsPerSecond()),
                QUIET,
                " events/s");
        line(
                PLAIN,
                caption("latency"),
                QUIET,
                "p50 ",
                "bold",
                millis(now.p50Millis()),
                QUIET,
                "   p99 ",
                "bold",
                millis(now.p99Millis()),
                QUIET,
                "   from event to prediction");
        line(PLAIN, caption("models"), "bold", String.format(Locale.ROOT, "%,d", now.models()));
        line(
                PLAIN,
                caption("dead letters"),
                now.deadLetters() == 0 ? "bold" : "bold,red",
                String.format(Locale.ROOT, "%,d", now.deadLetters()));
        line();
    }

    /** Both curves on one scale, each with its latest value behind it. */
    private void curves(double[] accuracy, double[] baseline) {
        double low = Math.min(least(accuracy), least(baseline));
        double high = Math.max(most(accuracy), most(baseline));
        line(PLAIN, caption("accuracy"), "green", curve(accuracy, low, high), QUIET, " " + score(latest(accuracy)));
        line(
                PLAIN,
                caption("best baseline"),
                "yellow",
                curve(baseline, low, high),
                QUIET,
                " " + score(latest(baseline)));
    }

    private void mark(Drift drift, Figures now) {
        int from = column(drift.start(), now);
        int to = Math.max(from + 1, column(drift.end(), now));
        String marked = " ".repeat(from) + look.mark().repeat(to - from);
        String name = " " + drift.name();
        boolean fits = marked.length() + name.length() < width - CAPTION;
        line(PLAIN, caption("drift"), "cyan", fits ? marked + name : leftOf(marked, from, name));
    }

    /** Puts a name before its mark, or leaves it out when it fits nowhere. */
    private static String leftOf(String marked, int from, String name) {
        return name.length() < from
                ? " ".repeat(from - name.length()) + name.substring(1) + " " + marked.substring(from)
                : marked;
    }

    /** Width of the curves, which leaves room for a number behind them. */
    private int chart() {
        return width - CAPTION - 8;
    }

    private int column(long event, Figures now) {
        return (int) (Math.min(1, (double) event / now.planned()) * chart());
    }

    private String curve(double[] heights, double low, double high) {
        String levels = look.levels();
        StringBuilder drawn = new StringBuilder(heights.length);
        for (double height : heights) {
            double level = high > low ? (height - low) / (high - low) : 1;
            drawn.append(Double.isNaN(height) ? ' ' : levels.charAt((int) Math.round(level * (levels.length() - 1))));
        }
        return drawn.toString();
    }

    private static double latest(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).reduce(Double.NaN, (earlier, later) -> later);
    }

    private static double least(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).min().orElse(Double.NaN);
    }

    private static double most(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).max().orElse(Double.NaN);
    }

    private String score(double value) {
        return Double.isNaN(value) ? look.unknown() : String.format(Locale.ROOT, "%.4f", value);
    }

    private String millis(double value) {
        return Double.isNaN(value)
                ? look.unknown()
                : String.format(Locale.ROOT, value < 10 ? "%.1f ms" : "%,.0f ms", value);
    }

    private static String caption(String name) {
        return " " + name + " ".repeat(Math.max(1, CAPTION - name.length()));
    }

    /** Adds a line of pieces, each a style and its text, cut at the width. */
    private void line(String... stylesAndTexts) {
        StringBuilder line = new StringBuilder();
        int room = width;
        for (int piece = 0; piece < stylesAndTexts.length; piece += 2) {
            String text = stylesAndTexts[piece + 1];
            String shown = text.substring(0, Math.min(room, text.length()));
            room -= shown.length();
            line.append(styled(stylesAndTexts[piece], shown));
        }
        lines.add(line.toString());
    }

    private String styled(String style, String text) {
        return style.isEmpty() || text.isEmpty() ? text : look.ansi().string("@|" + style + " " + text + "|@");
    }
}
