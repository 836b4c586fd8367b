package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.run.LocalRun;
import io.millrace.jobs.run.Savepoints;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that is stopped and continued, as an operator of a real one does. */
class StopAndContinueIT {
    @TempDir
    Path directory;

    @Test
    void continuesWhereItStoppedAlsoAtAnotherParallelism() throws Exception {
        List<Reading> readings = Reading.mixed(24_000, 400, 50);
        List<Reading> before = readings.subList(0, 12_000);
        List<Reading> meanwhile = readings.subList(12_000, 18_000);
        List<Reading> after = readings.subList(18_000, readings.size());
        try (LocalKafka kafka = LocalKafka.temporary()) {
            WeatherJob job = WeatherJob.on(kafka, "stops", "jvm", 3, 1, directory);
            String savepoint;
            job.readings().send(before);
            try (LocalRun run = job.start(null, telemetry -> {})) {
                job.predictions().await(1);
                savepoint = run.stop(false);
            }
            job.readings().send(meanwhile);
            assertThat(new Savepoints(directory).latest().map(latest -> Path.of(URI.create(latest))))
                    .hasValue(Path.of(URI.create(savepoint)));
            try (LocalRun run = job.at(2).start(savepoint, telemetry -> {})) {
                job.readings().send(after);
                job.predictions().await(24_000);
                run.stop(true);
            }
            new Outputs(job, readings, 0).areExactlyRight();
        }
    }

    @Test
    void rescalesFromOneSlotToTwoToThreeToOne() throws Exception {
        int[] slots = {1, 2, 3, 1};
        List<Reading> readings = Reading.mixed(24_000, 400, 50);
        try (LocalKafka kafka = LocalKafka.temporary()) {
            WeatherJob job = WeatherJob.on(kafka, "rescales", "jvm", 3, 1, directory);
            String savepoint = null;
            for (int stage = 0; stage < slots.length; stage++) {
                boolean last = stage == slots.length - 1;
                int from = readings.size() * stage / slots.length;
                int to = readings.size() * (stage + 1) / slots.length;
                try (LocalRun run = job.at(slots[stage]).start(savepoint, telemetry -> {})) {
                    job.readings().send(readings.subList(from, to));
                    job.predictions().await(last ? 24_000 : from + 1); // the others stop with events left
                    savepoint = run.stop(last);
                }
            }
            new Outputs(job, readings, 0).areExactlyRight();
        }
    }
}
