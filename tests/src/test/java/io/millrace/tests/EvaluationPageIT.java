package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code evaluate --html} writes, of two jobs on a stream that changes once. */
class EvaluationPageIT {
    private static final int ROWS = 8_000;

    @TempDir
    private Path directory;

    @Test
    void looksWellOnEveryDevice() throws Exception {
        try (Browser browser = Browser.open()) {
            browser.show(report().toUri());
            assertThat(browser.ask("return document.querySelectorAll('svg path').length"))
                    .as("curves: accuracy, loss and calibration of two jobs, and of naive predictors")
                    .isEqualTo(10L);
            look(browser, "light", 1100, "evaluation-light");
            look(browser, "dark", 1100, "evaluation-dark");
            look(browser, "light", 390, "evaluation-phone");
            browser.requireNoComplaints();
        }
    }

    private static void look(Browser browser, String scheme, int width, String name) throws IOException {
        browser.look(scheme, width, 900);
        browser.picture(name);
        browser.requireNoSidewaysScrolling();
        browser.requireAccessible(name);
    }

    private Path report() throws Exception {
        Random random = new Random(3);
        StringBuilder rows = new StringBuilder("a,b,above\n");
        for (int row = 0; row < ROWS; row++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            rows.append(a).append(',').append(b).append(',').append(a + b > (row < ROWS / 2 ? 0.8 : 1.3) ? 1 : 0);
            rows.append('\n');
        }
        Files.writeString(directory.resolve("rows.csv"), rows);
        job("network", "[standardize, {dense: 16}, tanh]");
        job("line", "[standardize]");
        Path page = directory.resolve("report.html");
        try (CommandLine evaluate = CommandLine.millrace(
                directory, "evaluate", "network.yaml", "line.yaml", "--input", "rows.csv", "--html", page.toString())) {
            assertThat(evaluate.exitCode(Duration.ofMinutes(2)))
                    .as(evaluate.err())
                    .isZero();
        }
        return page;
    }

    private void job(String name, String layers) throws IOException {
        Files.writeString(directory.resolve(name + ".yaml"), """
                name: %s
                source:
                  kafka: {bootstrap-servers: "localhost:9092", topic: rows}
                  format: {csv: {header: [a, b, above]}}
                label: {field: above, classes: ["0", "1"]}
                model: {layers: %s, on-drift: report}
                """.formatted(name, layers));
    }
}
