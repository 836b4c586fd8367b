package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
    private static final int EVENTS = 3000;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Is the number above a half? From the middle on: is it below? One line is no event. */
    @BeforeEach
    void writeInput() throws IOException {
        StringBuilder csv = new StringBuilder("x,class\n");
        for (int i = 0; i < EVENTS; i++) {
            double x = i * 0.618034 % 1;
            csv.append(x).append(',').append(x > 0.5 == i < EVENTS / 2 ? 1 : 0).append('\n');
        }
        Files.writeString(directory.resolve("in.csv"), csv.append("high,1\n"));
    }

    private String job(String file, String name, String model) throws IOException {
        return Files.writeString(
                        directory.resolve(file), """
                name: NAME
                source:
                  kafka: {bootstrap-servers: "localhost:9092", topic: t}
                  format: csv
                label: {field: class, classes: ["0", "1"]}
                features: [{numeric: [x]}]
                model: MODEL
                """.replace("NAME", name).replace("MODEL", model))
                .toString();
    }

    private int execute(String... args) {
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void scoresSeveralJobsOnTheSameEventsAndWritesWhatItFound() throws IOException {
        Path json = directory.resolve("out.json");
        Path html = directory.resolve("out.html");
        int exit = execute(
                "evaluate",
                job("a.yaml", "plain", "{layers: [standardize], optimizer: {sgd: 0.01}}"),
                job("b.yaml", "watched", "{layers: [standardize], optimizer: {sgd: 0.01}, on-drift: reset}"),
                "--input=" + directory.resolve("in.csv"),
                "--json=" + json,
                "--html=" + html);

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("plain on in\\.csv: 3,000 events scored, 1 dead letter, 1 model, \\d")
                .containsPattern("watched on in\\.csv: 3,000 events scored, 1 dead letter, 1 model, [1-9] drift")
                .containsPattern("\\n +plain +watched +no-change +majority class\\n")
                .containsPattern("\\nkappa-M ");
        JsonNode jobs = new ObjectMapper().readTree(json.toFile()).path("jobs");
        assertThat(jobs).hasSize(2);
        double plain = jobs.path(0).path("scores").path("accuracy").asDouble();
        assertThat(jobs.path(1).path("scores").path("accuracy").asDouble()).isGreaterThan(plain + 0.05);
        assertThat(jobs.path(1).path("drifts").asInt()).isPositive();
        long end = 0;
        for (JsonNode window : jobs.path(0).path("windows")) {
            end += window.path("scores").path("events").asLong();
            assertThat(window.path("end").asLong()).isEqualTo(end);
        }
        assertThat(end).isEqualTo(EVENTS);
        assertThat(Files.readString(html)).contains("plain, watched on in.csv", "<svg", "</html>");
    }

    @Test
    void tellsWhichOfTheBusiestKeysIsTheBestAndTheWorst() throws IOException {
        StringBuilder csv = new StringBuilder("x,who,class\n");
        for (int i = 0; i < EVENTS; i++) {
            double x = i * 0.618034 % 1;
            String who = i % 3 == 0 ? "fickle" : i % 3 == 1 ? "steady" : "once" + i;
            csv.append(x).append(',').append(who).append(',');
            csv.append(who.equals("fickle") ? i / 3 % 2 : x > 0.5 ? 1 : 0).append('\n');
        }
        Path input = Files.writeString(directory.resolve("keys.csv"), csv);
        Path json = directory.resolve("out.json");
        String job = job("a.yaml", "plain", "{layers: [standardize], optimizer: {sgd: 0.1}}\nevent: {key: who}");

        assertThat(execute("evaluate", job, "--input=" + input, "--json=" + json))
                .as(err.toString())
                .isZero();

        assertThat(out.toString())
                .containsPattern("busiest keys, best first +events +accuracy .*\nsteady +1,000 .*\nfickle +1,000 ")
                .doesNotContain("once");
        JsonNode keys =
                new ObjectMapper().readTree(json.toFile()).path("jobs").path(0).path("keys");
        assertThat(keys.findValuesAsText("key")).containsExactlyInAnyOrder("fickle", "steady");
        assertThat(keys.path(0).path("missed").asLong()).isZero();
    }

    @Test
    void triesOtherOptimizersBesideTheJobsOwn() throws IOException {
        String file = job("a.yaml", "plain", "{layers: [standardize]}");

        assertThat(execute("evaluate", file, "--grid", "--input=" + directory.resolve("in.csv")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("plain on in.csv, by optimizer")
                .containsPattern("\\noptimizer +accuracy +log-loss")
                .containsPattern("\\nas it is: auto +0\\.\\d{4}")
                .containsPattern("\\nsgd 0\\.1 +0\\.\\d{4}")
                .containsPattern("\\nadam 0\\.03 +0\\.\\d{4}");
        assertThat(execute("evaluate", file, "--grid", "--delay=1", "--input=" + directory.resolve("in.csv")))
                .isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--grid takes one job, and no --delay");
    }

    @Test
    void namesTheFileThatIsGivenTwice() throws IOException {
        String file = job("a.yaml", "plain", "{}");

        assertThat(execute("evaluate", file, file, file, "--input=" + directory.resolve("in.csv")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("a.yaml is named twice");
    }

    @Test
    void holdOutAndPassesAreRefusedWhereTheyMeanNothing() throws IOException {
        String job = job("a.yaml", "plain", "{layers: [standardize]}");
        String input = "--input=" + directory.resolve("in.csv");

        assertThat(execute("evaluate", job, input, "--passes=2")).isEqualTo(2);
        assertThat(execute("evaluate", job, input, "--hold-out=1.5")).isEqualTo(2);
        assertThat(execute("evaluate", job, input, "--hold-out=0.1", "--passes=0"))
                .isEqualTo(2);
        assertThat(execute("evaluate", job, input, "--hold-out=0.1", "--delay=3"))
                .isEqualTo(2);

        assertThat(err.toString())
                .contains("--passes needs --hold-out")
                .contains("--hold-out=1.5 must be > 0 and < 1")
                .contains("--passes=0 must be >= 1")
                .contains("--hold-out and --delay exclude each other");
    }
}
