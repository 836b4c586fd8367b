package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.run.LocalRun;
import io.millrace.operators.Telemetry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole job, from Kafka to Kafka. */
class JobIT {
    private static LocalKafka kafka;

    @TempDir
    Path directory;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = LocalKafka.temporary();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @ParameterizedTest(name = "executor {0}, {1} partitions, parallelism {2}")
    @CsvSource({"jvm, 1, 1, 0", "jvm, 3, 2, 0", "djl, 3, 2, 1e-5"})
    void everyEventIsPredictedAndLearntOnce(String executor, int partitions, int parallelism, float tolerance)
            throws Exception {
        WeatherJob job = WeatherJob.on(
                kafka, "whole-" + executor + "-" + parallelism, executor, partitions, parallelism, directory);
        List<Reading> readings = Reading.mixed(30_000, 400, 300);

        try (LocalRun run = job.start(null, telemetry -> {})) {
            job.readings().send(readings);
            job.predictions().await(30_000);
            run.stop(true);
        }

        new Outputs(job, readings, tolerance).areExactlyRight();
    }

    @Test
    void crashesChangeNothing() throws Exception {
        WeatherJob job = WeatherJob.on(kafka, "crashes", "jvm", 3, 2, directory);
        List<Reading> readings = Reading.mixed(24_000, 400, 100);
        Saboteur saboteur = new Saboteur(9_000, 15_000, 21_000);

        List<String> notes = new CopyOnWriteArrayList<>();

        try (LocalRun run = job.start(null, saboteur, notes::add)) {
            for (int quarter = 0; quarter < 4; quarter++) {
                int end = readings.size() * (quarter + 1) / 4;
                job.readings().send(readings.subList(readings.size() * quarter / 4, end));
                // What is committed is in a checkpoint, so the next crash goes back to one.
                job.predictions()
                        .await(readings.subList(0, end).stream()
                                .filter(Reading::good)
                                .count());
            }
            run.stop(true);
        }

        assertThat(saboteur.crashesLeft).isEmpty();
        assertThat(notes).hasSize(3);
        assertThat(notes.get(0)).matches("the job failed and starts again in 1 s \\(failure 1\\): crash at 9000 .*");
        assertThat(notes.get(2)).matches("the job failed and starts again in 2 s \\(failure 3\\): crash at 21000 .*");
        new Outputs(job, readings, 0).areExactlyRight();
    }

    /** Throws in the job's own thread, once for each number of predictions that is reached. */
    private static final class Saboteur implements Consumer<Telemetry> {
        private final Deque<Long> crashesLeft = new ArrayDeque<>();

        Saboteur(long... predictions) {
            for (long each : predictions) {
                crashesLeft.add(each);
            }
        }

        @Override
        public void accept(Telemetry telemetry) {
            if (!crashesLeft.isEmpty() && telemetry.overall().predictions() >= crashesLeft.peek()) {
                throw new IllegalStateException(
                        "crash at " + crashesLeft.remove() + " predictions, wanted by the test");
            }
        }
    }
}
