package io.millrace.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class BoardTest {
    private static final Look ASCII = new Look(false, Ansi.OFF);
    private static final Look COLOURFUL = new Look(true, Ansi.ON);
    private static final List<Drift> DRIFTS =
            List.of(new Drift("at once", 33_000, 33_000), new Drift("by and by", 50_000, 67_000));

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void givesEachNumberItsUnitAndEachScoreItsRival() {
        assertThat(board(at(50_000), ASCII, 90))
                .anySatisfy(line -> assertThat(line).contains("####").contains(" 50 %  50,000 of 100,000 events"))
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo(" accuracy         0.9134   majority class 0.8500   no change 0.7450"))
                .anySatisfy(line -> assertThat(line).startsWith(" kappa-temporal   0.6604"))
                .contains(" log-loss         0.2231 nat", " speed            41,230 events/s")
                .anySatisfy(line -> assertThat(line).startsWith(" latency          p50 3.2 ms   p99 19 ms"))
                .contains(" models           2,000", " dead letters     3");
    }

    @Test
    void marksDriftsUnderTheCurveAtTheirPlace() {
        List<String> lines = board(at(100_000), ASCII, 100);
        int chart = 18;
        int wide = 99 - 18 - 7;

        assertThat(lines.get(lines.size() - 2).indexOf('^')).isEqualTo(chart + wide * 33 / 100);
        assertThat(lines.get(lines.size() - 1).indexOf('^')).isEqualTo(chart + wide / 2);
        assertThat(lines.get(lines.size() - 2)).endsWith("^ at once");
        assertThat(lines.get(lines.size() - 1)).endsWith("^ by and by");
    }

    @Test
    void drawsTheCurvesOnOneScale() {
        Curve accuracy = new Curve(Figures::accuracy);
        Curve baseline = new Curve(Figures::baseline);
        accuracy.add(at(0));
        baseline.add(at(0));
        List<String> lines = Board.lines(at(0), accuracy, baseline, List.of(), ASCII, 80);

        assertThat(lines.get(lines.size() - 2))
                .startsWith(" accuracy         @ ")
                .endsWith(" 0.9134");
        assertThat(lines.get(lines.size() - 1))
                .startsWith(" best baseline    _ ")
                .endsWith(" 0.8500");
    }

    @Test
    void neverPrintsALineThatWouldWrap() {
        for (int columns : new int[] {41, 60, 80, 200}) {
            assertThat(board(at(99_999), ASCII, columns))
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(columns));
        }
    }

    @Test
    void looksTheSameWithoutColours() {
        List<String> plain = board(at(10), new Look(true, Ansi.OFF), 80);
        List<String> coloured = board(at(10), COLOURFUL, 80);

        assertThat(coloured).anySatisfy(line -> assertThat(line).contains("\u001b["));
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                .containsExactlyElementsOf(plain);
    }

    @Test
    void sticksToAsciiWhereNothingElsePrints() {
        assertThat(String.join("", board(at(60_000), ASCII, 80))).matches("\\p{ASCII}*");
        assertThat(Board.line(nothingYet(), ASCII)).matches("\\p{ASCII}*");
    }

    @Test
    void showsADashForWhatIsNotKnownYet() {
        assertThat(Board.line(nothingYet(), ASCII))
                .isEqualTo("0/100,000 events  0 events/s  accuracy - (majority -, no-change -)  kappa-temporal -"
                        + "  log-loss - nat  latency p50 - p99 -  0 models  0 dead letters");
        assertThat(board(nothingYet(), ASCII, 80)).noneMatch(line -> line.contains("NaN"));
    }

    @Test
    void repaintsInPlaceAndGivesTheCursorBack() {
        try (LiveBoard board = new LiveBoard(out, ASCII, DRIFTS, () -> 80)) {
            board.show(at(1));
            int lines = (int) text().lines().count() - 1;
            written.reset();
            board.show(at(2));

            assertThat(text()).startsWith("\u001b[?25l\u001b[" + lines + "A");
        }
        assertThat(text()).endsWith("\u001b[?25h");
    }

    @Test
    void saysAPlainLineEveryThreeSecondsAndTheLastOne() {
        AtomicLong nanos = new AtomicLong();
        try (PlainLines plain = new PlainLines(out, ASCII, nanos::get)) {
            plain.show(at(1));
            nanos.set(3_000_000_000L);
            plain.show(at(2));
            nanos.set(4_000_000_000L);
            plain.show(at(3));
        }
        assertThat(text().lines().map(line -> line.substring(0, 2))).containsExactly("2/", "3/");
    }

    @Test
    void readsTheTerminalsWidth() {
        assertThat(TerminalWidth.parsed("24 132")).isEqualTo(132);
        assertThat(TerminalWidth.parsed("0 0")).isEqualTo(80);
        assertThat(TerminalWidth.parsed(null)).isEqualTo(80);
    }

    private static List<String> board(Figures now, Look look, int columns) {
        Curve accuracy = new Curve(Figures::accuracy);
        Curve baseline = new Curve(Figures::baseline);
        accuracy.add(now);
        baseline.add(now);
        return Board.lines(now, accuracy, baseline, DRIFTS, look, columns);
    }

    private static Figures at(long events) {
        return new Figures(events, 100_000, 41_230, 0.9134, 0.2231, 0.6604, 0.745, 0.85, 3.2, 19, 2_000, 3);
    }

    private static Figures nothingYet() {
        double unknown = Double.NaN;
        return new Figures(0, 100_000, 0, unknown, unknown, unknown, unknown, unknown, unknown, unknown, 0, 0);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
