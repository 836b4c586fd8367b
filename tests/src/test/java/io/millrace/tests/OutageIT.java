package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.run.Savepoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code millrace run} runs on dies, or the run itself, and comes back. */
class OutageIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration NOTICE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void aBrokerThatDiesIsMissedAndWaitedFor() throws Exception {
        List<Reading> readings = Reading.mixed(12_000, 100, 20);
        List<Reading> first = readings.subList(0, 6_000);
        try (Broker kafka = new Broker(directory.resolve("broker"))) {
            WeatherJob job = WeatherJob.on(kafka, "weather", "jvm", 2, 1, directory);
            job.file();
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml")) {
                run.awaitText("weather is running", START);
                job.readings().send(first);
                job.predictions().await(1);

                kafka.kill();
                run.awaitText("millrace: Kafka at " + kafka.servers() + " does not answer", NOTICE);
                kafka.start();
                run.awaitText("millrace: Kafka at " + kafka.servers() + " answers again, after ", NOTICE);

                job.readings().send(readings.subList(first.size(), readings.size()));
                job.predictions().await(12_000);
                run.interrupt();
                run.exitCode(START);
                assertThat(run.err()).contains("millrace: stopped; the state is kept in");
            }
            areRight(job, readings);
        }
    }

    @Test
    void aRunThatIsKilledContinuesFromItsLastCheckpoint() throws Exception {
        List<Reading> readings = Reading.mixed(12_000, 100, 20);
        List<Reading> first = readings.subList(0, 6_000);
        try (Broker kafka = new Broker(directory.resolve("broker"))) {
            WeatherJob job = WeatherJob.on(kafka, "weather", "jvm", 2, 1, directory);
            job.file();
            job.readings().send(first);
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml")) {
                run.awaitText("weather is running", START);
                job.predictions().await(1);
                run.kill();
            }
            job.readings().send(readings.subList(first.size(), readings.size()));
            String last =
                    new Savepoints(directory.resolve("checkpoints")).latest().orElseThrow();
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--from", last)) {
                job.predictions().await(12_000);
                run.interrupt();
                run.exitCode(START);
            }
            areRight(job, readings);
        }
    }

    private static void areRight(WeatherJob job, List<Reading> readings) throws IOException {
        Outputs outputs = new Outputs(job, readings, 1e-5f); // that JVM has no Vector API, and sums in another order
        outputs.everyGoodReadingHasOnePredictionInOrder();
        outputs.everyBadReadingHasOneDeadLetter();
        outputs.theTelemetryAddsUp();
    }
}
