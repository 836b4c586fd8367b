package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.local.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C: everything ends in order, says what it kept, and leaves nothing else behind. */
class InterruptIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(30);
    private static final int TERMINATED = 128 + 15; // by SIGTERM; Ctrl-C's SIGINT gives 128 + 2

    @TempDir
    private Path directory;

    @Test
    void demoEndsInOrderAndKeepsItsModels() throws Exception {
        try (CommandLine demo =
                CommandLine.millrace(directory, "demo", "--events", "200000", "--rate", "2000", "--keys", "100")) {
            demo.awaitText("accuracy", START);
            demo.interrupt();

            assertThat(demo.exitCode(END)).isEqualTo(TERMINATED);
            assertThat(demo.err()).contains("millrace: stopping ...", "millrace: stopped after ", "; kept in ");
            assertThat(demo.out() + demo.err()).doesNotContain("Exception");
            Path home = left().get(0);
            assertThat(left()).as("temporary files").hasSize(1);
            assertThat(demo.err()).contains("kept in " + home);
            assertThat(home.resolve("models")).isDirectoryContaining("glob:**/snapshot-*");
        }
    }

    @Test
    void runSaysHowToContinueAndContinues() throws Exception {
        List<Reading> readings = Reading.mixed(12_000, 100, 20);
        List<Reading> first = readings.subList(0, 6_000);
        try (LocalKafka kafka = LocalKafka.temporary()) {
            WeatherJob job = WeatherJob.on(kafka, "weather", "jvm", 1, 1, directory);
            job.file();
            job.readings().send(first);
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml")) {
                run.awaitText("weather is running", START);
                job.predictions().await(1);
                run.interrupt();

                assertThat(run.exitCode(END)).isEqualTo(TERMINATED);
                assertThat(run.err())
                        .contains(
                                "millrace: stopped; the state is kept in file:" + directory
                                        + "/.millrace/weather/savepoints/",
                                "millrace: continue with: millrace run job.yaml --from latest")
                        .doesNotContain("Exception");
            }
            job.readings().send(readings.subList(first.size(), readings.size()));
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--from", "latest")) {
                job.predictions().await(12_000);
                run.interrupt();
                assertThat(run.exitCode(END)).isEqualTo(TERMINATED);
            }
            assertThat(left()).as("temporary files").isEmpty();
            Outputs outputs =
                    new Outputs(job, readings, 1e-5f); // that JVM has no Vector API, and sums in another order
            outputs.everyGoodReadingHasOnePredictionInOrder();
            outputs.everyBadReadingHasOneDeadLetter();
            outputs.theTelemetryAddsUp();
        }
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
            return files.toList();
        }
    }
}
