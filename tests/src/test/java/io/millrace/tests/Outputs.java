package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.tests.ByHand.Predicted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Everything a job has written, held against what it was fed. */
final class Outputs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WeatherJob job;
    private final List<Reading> readings;
    private final ByHand byHand;
    private final float tolerance;

    /**
     * To be held against what the jvm executor makes by hand.
     *
     * @param readings all the job was fed, in the order of each key
     * @param tolerance how far floats may lie from those computed by hand, relative above 1; 0 for bit by bit
     */
    Outputs(WeatherJob job, List<Reading> readings, float tolerance) throws IOException {
        this(job, readings, ByHand.jvm(job.spec(), readings), tolerance);
    }

    /** The same, to be held against what another executor makes of the readings by hand. */
    Outputs(WeatherJob job, List<Reading> readings, ByHand byHand, float tolerance) {
        this.job = job;
        this.readings = readings;
        this.byHand = byHand;
        this.tolerance = tolerance;
    }

    /** Holds everything against what it must be, after the job has ended. */
    void areExactlyRight() throws IOException {
        everyGoodReadingHasOnePredictionInOrder();
        everyBadReadingHasOneDeadLetter();
        theSnapshotHoldsTheModels();
        theTelemetryAddsUp();
    }

    void everyGoodReadingHasOnePredictionInOrder() throws IOException {
        Map<String, List<Predicted>> made = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : job.predictions().committed()) {
            JsonNode prediction = JSON.readTree(record.value());
            String key = text(record.key());
            assertThat(prediction.path("key").asText()).isEqualTo(key);
            made.computeIfAbsent(key, none -> new ArrayList<>()).add(predicted(prediction));
        }
        assertThat(Differences.ofPredictions(made, byHand.predictions, tolerance))
                .isEmpty();
    }

    private static Predicted predicted(JsonNode prediction) {
        float dry = prediction.path("scores").path("dry").floatValue();
        float rain = prediction.path("scores").path("rain").floatValue();
        assertThat(prediction.path("prediction").asText()).isEqualTo(rain > dry ? "rain" : "dry");
        return new Predicted(
                prediction.path("id").asText(), prediction.path("version").asLong(), new float[] {dry, rain});
    }

    void everyBadReadingHasOneDeadLetter() {
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : job.deadLetters().committed()) {
            assertThat(header(letter, "topic")).isEqualTo(job.readings().name());
            String origin = header(letter, "partition") + "@" + header(letter, "offset");
            assertThat(letters.put(origin, letter))
                    .as("second dead letter of %s", origin)
                    .isNull();
        }
        List<ConsumerRecord<byte[], byte[]>> fed = job.readings().committed();
        assertThat(fed).hasSameSizeAs(readings);
        Map<String, List<Reading>> byStation = new HashMap<>();
        readings.forEach(reading -> byStation
                .computeIfAbsent(reading.station(), station -> new ArrayList<>())
                .add(reading));
        for (ConsumerRecord<byte[], byte[]> record : fed) {
            Reading reading = byStation.get(text(record.key())).remove(0);
            if (!reading.good()) {
                ConsumerRecord<byte[], byte[]> letter = letters.remove(record.partition() + "@" + record.offset());
                assertThat(letter)
                        .as("%s at %d", reading.fault(), record.offset())
                        .isNotNull();
                assertThat(header(letter, "reason")).startsWith(reading.fault().reason);
                assertThat(header(letter, "timestamp")).isEqualTo(Long.toString(record.timestamp()));
                assertThat(letter.key()).isEqualTo(reading.key());
                assertThat(letter.value()).isEqualTo(reading.value());
            }
        }
        assertThat(letters).as("dead letters of good readings").isEmpty();
    }

    void theSnapshotHoldsTheModels() throws IOException {
        Map<String, float[]> rows = new TreeMap<>();
        Snapshot.open(lastSnapshot()).forEach(rows::put);
        assertThat(Differences.ofRows(rows, byHand.rows, tolerance)).isEmpty();
    }

    private Path lastSnapshot() throws IOException {
        try (Stream<Path> snapshots = Files.list(job.models())) {
            List<Path> sorted = snapshots.sorted().toList();
            assertThat(sorted)
                    .as("all are complete")
                    .noneMatch(each -> each.getFileName().toString().startsWith("."));
            return sorted.get(sorted.size() - 1);
        }
    }

    void theTelemetryAddsUp() throws IOException {
        List<JsonNode> telemetry = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : job.telemetry().committed()) {
            telemetry.add(JSON.readTree(record.value()).path("overall"));
        }
        JsonNode overall = Collections.max(
                telemetry,
                Comparator.comparingLong(each -> each.path("predictions").asLong()
                        + each.path("deadLetters").asLong()));
        long bad = readings.stream().filter(reading -> !reading.good()).count();
        assertThat(overall.path("predictions").asLong()).isEqualTo(readings.size() - bad);
        assertThat(overall.path("updates").asLong()).isEqualTo(byHand.updates);
        assertThat(overall.path("deadLetters").asLong()).isEqualTo(bad);
        assertThat(overall.path("models").asLong()).isEqualTo(byHand.rows.size());
        JsonNode scores = overall.path("scores");
        assertThat(scores.path("events").asLong()).isEqualTo(byHand.updates);
        assertThat(scores.path("accuracy").asDouble())
                .isCloseTo(byHand.right / (double) byHand.updates, within(tolerance == 0 ? 1e-12 : 1e-3));
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return text(letter.headers().lastHeader("millrace." + name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
