package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types every command of the quick start, in order, with the distribution; only ports are others. */
class QuickStartIT {
    private static final Path PAGE = Path.of("..", "docs", "quick-start.md");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    @BeforeEach
    void putTheLauncherHere() throws IOException {
        try (Stream<Path> built = Files.list(Path.of("..", "jobs", "target"))) {
            Path launcher = built.map(folder -> folder.resolve("millrace"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no distribution in jobs/target: ./mvnw package makes it"))
                    .toRealPath();
            Files.createSymbolicLink(directory.resolve("millrace"), launcher);
        }
    }

    @AfterEach
    void stopWhatMayRun() throws Exception {
        try (CommandLine stop = shell("./millrace cluster stop")) {
            stop.exitCode(PATIENCE);
        }
    }

    @Test
    void everyStepWorksAsItIsWritten() throws Exception {
        String port = Integer.toString(SessionCluster.freePort());
        String page = Files.readString(PAGE)
                .replace("9092", port)
                .replace("cluster start", "cluster start --port " + SessionCluster.freePort());
        assertThat(blocks(page, "yaml")).hasSize(1);
        Files.writeString(
                directory.resolve("heating.yaml"), blocks(page, "yaml").get(0));

        List<String> steps = blocks(page, "sh");
        assertThat(steps).hasSize(6);
        for (String step : steps) {
            boolean later = step.contains("consume") || step.contains("inspect"); // what the job is still to make
            String said = later ? untilItSays(step) : says(step);
            if (step.contains("evaluate")) {
                assertThat(said).contains("accuracy").contains("no-change");
                assertThat(directory.resolve("report.html")).content().contains("Accuracy over time");
            }
        }
    }

    private static List<String> blocks(String page, String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private CommandLine shell(String commands) throws IOException {
        return CommandLine.program(directory, List.of("sh", "-e", "-c", commands));
    }

    private String says(String step) throws Exception {
        try (CommandLine shell = shell(step)) {
            assertThat(shell.exitCode(PATIENCE)).as(step + shell.err()).isZero();
            return shell.out();
        }
    }

    /** Tries again until a step succeeds and prints four lines at least. */
    private String untilItSays(String step) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (CommandLine shell = shell(step)) {
                boolean done =
                        shell.exitCode(PATIENCE) == 0 && shell.out().lines().count() >= 4;
                if (done) {
                    return shell.out();
                }
                assertThat(System.nanoTime())
                        .as(step + shell.out() + shell.err())
                        .isLessThan(deadline);
            }
        }
    }
}
