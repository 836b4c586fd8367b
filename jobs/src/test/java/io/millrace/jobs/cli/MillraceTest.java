package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MillraceTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void suggestsTheVerbThatWasMeant() {
        assertThat(execute("validat")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("Did you mean: millrace validate").contains("Try: millrace --help");
    }

    @Test
    void refusesUnknownOptions() {
        assertThat(execute("schema", "--jsn")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--jsn").contains("Try: millrace schema --help");
    }

    @Test
    void refusesAnAddressOfThePageThatIsNone() {
        for (String wrong : new String[] {"there", "70000", "no.such.host.invalid:80", "localhost:"}) {
            assertThat(execute("demo", "--watch-at", wrong)).as(wrong).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(err.toString()).contains("--watch-at " + wrong + " ");
        }
    }

    @Test
    void everyVerbTeachesWithAnExampleAndListsItsExitCodes() {
        for (String verb : Millrace.commandLine().getSubcommands().keySet()) {
            out.getBuffer().setLength(0);
            assertThat(execute(verb, "--help")).isZero();
            assertThat(out.toString())
                    .contains("Example")
                    .contains("millrace " + verb)
                    .contains("Exit codes:");
        }
    }

    @Test
    void tellsTheVersionItWasBuiltAs() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).matches("millrace \\d+\\.\\d+\\.\\d+\\S*\\s+");
    }

    @Test
    void printsTheSchema() {
        assertThat(execute("schema")).isZero();
        assertThat(out.toString()).startsWith("{").contains("https://json-schema.org/draft/2020-12/schema");
    }

    @Test
    void showsAStackTraceOnlyToThoseWhoAsk() {
        execute("validate", "/nowhere/job.yaml");
        assertThat(err.toString()).doesNotContain("\tat ");
        execute("validate", "--debug", "/nowhere/job.yaml");
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path job = Files.writeString(directory.resolve("job.yaml"), """
                source: {kafka: {bootstrap-servers: "localhost:9092", topic: t}, format: csv}
                label: {field: y, classes: ["0", "1"]}
                features: [{numeric: [x]}]
                """);
        Path input = Files.writeString(directory.resolve("in.csv"), "x,y\n1,0\n2,1\n");
        Path nowhere = directory.resolve("no").resolve("such.html");

        assertThat(execute("evaluate", job.toString(), "--input=" + input, "--html=" + nowhere))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("millrace: " + nowhere + ": there is no such file or directory");
    }

    @Test
    void takesTheClustersAddressWithoutAScheme() throws IOException {
        Path job = Files.writeString(directory.resolve("job.yaml"), """
                source: {kafka: {bootstrap-servers: "localhost:9092", topic: t}}
                label: {field: y, classes: ["0", "1"]}
                features: [{numeric: [x]}]
                """);

        assertThat(execute("run", job.toString(), "--cluster", "http://127.0.0.1:8081"))
                .isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--cluster http://127.0.0.1:8081 must be HOST:PORT");
    }

    private int execute(String... args) {
        CommandLine millrace = Millrace.commandLine();
        return millrace.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
