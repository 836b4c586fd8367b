package io.millrace.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.jobs.run.Evaluation.Window;
import io.millrace.jobs.run.KeyView;
import io.millrace.models.Target;
import io.millrace.models.metrics.BusiestKeys;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PageTest {
    private static final int WINDOWS = 10;

    /** Windows of ten events; in the n-th, n of them are right; one alarm in the fourth. */
    private static Evaluated learner(String name) {
        Scorer scorer = new Scorer(new Target.Classes(List.of("no", "yes")));
        List<Tally> windows = new ArrayList<>();
        for (int window = 1; window <= WINDOWS; window++) {
            for (int i = 0; i < 10; i++) {
                float right = i < window ? 0.9f : 0.2f;
                scorer.score(new float[] {1 - right, right}, new float[] {1}, i % 2);
            }
            if (window == 4) {
                scorer.drifted();
            }
            windows.add(scorer.tally());
        }
        Tally overall = windows.stream().reduce(Tally.NONE, Tally::plus);
        return new Evaluated(name, overall, windows.stream().map(Window::of).toList(), 1000);
    }

    private static Document parsed(String page) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static List<Element> elements(Document page, String tag, String style) {
        List<Element> found = new ArrayList<>();
        NodeList all = page.getElementsByTagName(tag);
        for (int i = 0; i < all.getLength(); i++) {
            Element each = (Element) all.item(i);
            if (each.getAttribute("class").equals(style)) {
                found.add(each);
            }
        }
        return found;
    }

    @Test
    void isOneWellFormedPageThatNeedsNothingElse() throws Exception {
        String html = Page.of("a & b on <file>", List.of("x < y"), List.of(learner("a & b"), learner("\"c\"")));

        Document page = parsed(html);
        assertThat(page.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a & b on <file>");
        assertThat(page.getElementsByTagName("pre").item(0).getTextContent()).isEqualTo("x < y\n");
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(3);
        assertThat(html).doesNotContain("http", "src=", "href=", "url(", "@import", "<script", "NaN", "Infinity");
        assertThat(html).contains("prefers-color-scheme: dark");
        assertThat(elements(page, "span", "c1"))
                .extracting(Element::getTextContent)
                .containsOnly("\"c\"");
    }

    @Test
    void drawsAPointForEveryWindowAndALineForEveryAlarm() throws Exception {
        Document page = parsed(Page.of("title", List.of(), List.of(learner("one"))));

        List<Element> lines = elements(page, "path", "c0");
        assertThat(lines).hasSize(3);
        double[] heights = heights(lines.get(0).getAttribute("d")); // accuracy grows by a tenth a window
        assertThat(heights).hasSize(WINDOWS);
        for (int i = 2; i < WINDOWS; i++) {
            assertThat(heights[i - 1] - heights[i])
                    .isCloseTo(heights[0] - heights[1], within(0.11))
                    .isPositive();
        }
        List<Element> marks = elements(page, "line", "drift");
        assertThat(marks).hasSize(2);
        double[] ends = widths(lines.get(0).getAttribute("d"));
        assertThat(Double.parseDouble(marks.get(0).getAttribute("x1"))).isCloseTo(ends[3], within(0.01));
        assertThat(widths(lines.get(2).getAttribute("d")))
                .as("bins of .8 and .9")
                .hasSize(2);
    }

    private static double[] heights(String path) {
        return coordinates(path, "[^ ]* ");
    }

    private static double[] widths(String path) {
        return coordinates(path, " .*");
    }

    /** Of every point what is left when the other coordinate is cut. */
    private static double[] coordinates(String path, String other) {
        return Pattern.compile("[^ML]+")
                .matcher(path)
                .results()
                .mapToDouble(point -> Double.parseDouble(point.group().replaceFirst(other, "")))
                .toArray();
    }

    @Test
    void showsErrorsOfValues() throws Exception {
        Scorer scorer = new Scorer(new Target.Value());
        scorer.score(new float[] {1}, new float[] {2}, Float.NaN);
        scorer.score(new float[] {3}, new float[] {2}, 2);
        Tally tally = scorer.tally();

        Document page =
                parsed(Page.of("title", List.of(), List.of(new Evaluated("one", tally, List.of(Window.of(tally)), 1))));

        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(2);
        assertThat(page.getElementsByTagName("h2").item(0).getTextContent()).isEqualTo("Error over time");
    }

    @Test
    void putsManyWindowsTogetherAndLosesNoEvent() {
        Evaluated wide = learner("one").inWindows(4);

        assertThat(wide.windows()).hasSize(4);
        assertThat(wide.windows().stream().mapToLong(Window::scored).sum()).isEqualTo(100);
        assertThat(wide.windows().stream().mapToLong(Window::drifts)).containsExactly(0L, 1L, 0L, 0L);
    }

    @Test
    void windowsKeepTheirScoresWithoutTheSumsOfTheirRanking() {
        Scorer scorer = new Scorer(new Target.Classes(List.of("a", "b", "c")));
        scorer.score(new float[] {0.5f, 0.3f, 0.2f}, new float[] {0}, Float.NaN);
        scorer.score(new float[] {0.2f, 0.3f, 0.5f}, new float[] {1}, 0);
        Tally tally = scorer.tally();

        Window window = Window.of(tally);

        assertThat(window.scores()).isEqualTo(Scores.of(tally));
        assertThat(window.scores().rocAuc()).isNotNull();
        assertThat(window.sums().values()).hasSizeLessThan(100);
        Scores twice = window.plus(window).scores();
        assertThat(twice.events()).isEqualTo(4);
        assertThat(twice.rocAuc()).isNull();
        assertThat(twice.logLoss()).isEqualTo(window.scores().logLoss());
        assertThat(twice.baselines()).isEqualTo(window.scores().baselines());
        assertThat(twice.calibrationError()).isEqualTo(window.scores().calibrationError());
    }

    /** Of every key k the share of right predictions is k / 12. */
    private static List<KeyView> keys() {
        Target target = new Target.Classes(List.of("no", "yes"));
        BusiestKeys busiest = new BusiestKeys(target, 12, 1000);
        Scorer scorer = new Scorer(target, 0.5, busiest);
        for (int i = 0; i < 144; i++) {
            boolean right = i / 12 < i % 12;
            scorer.score("<k\u001b" + i % 12, new float[] {0.4f, 0.6f}, new float[] {right ? 1 : 0}, Float.NaN, 1);
        }
        return new Evaluated("one", scorer.tally().with(busiest.busiest()), List.of(), 1).keys();
    }

    @Test
    void namesTheBestAndTheWorstOfTheBusiestKeys() {
        List<String> lines = KeyTable.lines(keys());

        assertThat(lines).hasSize(1 + 5 + 1 + 5);
        assertThat(lines.get(0)).startsWith("busiest keys, best first").endsWith("majority");
        assertThat(lines.get(1)).startsWith("<k?11").contains("12       0.9167");
        assertThat(lines.get(6)).isEqualTo("... 2 in between");
        assertThat(lines.get(11)).startsWith("<k?0").contains("12       0.0000");
        assertThat(KeyTable.lines(keys().subList(0, 1)))
                .as("nothing to compare")
                .isEmpty();
    }

    @Test
    void pageHasAllBusiestKeys() throws Exception {
        Document page = parsed("<html>" + KeyTable.html(keys()) + "</html>");

        assertThat(page.getElementsByTagName("tr").getLength()).isEqualTo(1 + 12);
        assertThat(page.getElementsByTagName("td").item(0).getTextContent()).isEqualTo("12");
        assertThat(KeyTable.html(keys().subList(0, 1))).isEmpty();
    }

    @Test
    void zeroIsNotNegative() {
        assertThat(Rounded.text(-1e-17)).isEqualTo("0.0000");
        assertThat(Rounded.text(-0.00006)).isEqualTo("-0.0001");
        assertThat(Rounded.text(null)).isEqualTo("-");
    }

    @Test
    void ticksAreRoundNumbersWithin() {
        assertThat(Chart.ticks(0, 10)).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
        assertThat(Chart.ticks(1, 45_312)).containsExactly(10_000.0, 20_000.0, 30_000.0, 40_000.0);
        assertThat(Chart.ticks(0.5, 0.5)).isEmpty();
    }

    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void anAxisOfOneHugeNumberHasFewTicks() {
        for (double huge : new double[] {1e15, 1e17, 1e20, -1e300, Double.MAX_VALUE}) {
            assertThat(Chart.ticks(huge, huge)).hasSizeLessThanOrEqualTo(10);
        }
    }
}
