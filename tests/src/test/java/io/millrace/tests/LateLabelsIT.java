package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connectors.event.EventReader;
import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.run.LocalRun;
import io.millrace.jobs.run.Preflight;
import io.millrace.jobs.run.Savepoints;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Scores;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.operators.Telemetry;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job whose labels come on a topic of their own, long after the events, with crashes in between. */
class LateLabelsIT {
    private static final int EVENTS = 12_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final List<Reading> events = new ArrayList<>(); // without their labels
    private final List<Reading> labels = new ArrayList<>();

    @Test
    void crashesWhileTenThousandLabelsArePendingChangeNothing() throws Exception {
        split(Reading.good(EVENTS, 300));
        Saboteur saboteur = new Saboteur();
        try (LocalKafka kafka = LocalKafka.temporary()) {
            kafka.createTopic("readings", 3);
            kafka.createTopic("weather", 2);
            String servers = kafka.bootstrapServers();
            JobSpec spec = JobFile.read(file(servers)).orThrow();
            new Preflight(spec, note -> {}).run();
            Topic predictions = new Topic(servers, "predictions");
            try (LocalRun run = LocalRun.start(spec, new Savepoints(directory), null, saboteur, note -> {})) {
                new Topic(servers, "readings").send(events);
                predictions.await(EVENTS);
                saboteur.crashAt(telemetry -> telemetry.overall().joins().count(Fate.JOINED), 1);
                new Topic(servers, "weather").send(labels.subList(0, labels.size() / 2));
                saboteur.await(labels.size() / 2);
                saboteur.crashAt(telemetry -> telemetry.overall().joins().count(Fate.JOINED), labels.size() / 2 + 1);
                new Topic(servers, "weather").send(labels.subList(labels.size() / 2, labels.size()));
                saboteur.await(labels.size());
                run.stop(true);
            }

            assertThat(saboteur.crashes).isEqualTo(2);
            assertThat(predictions.committed()).hasSize(EVENTS);
            assertThat(saboteur.last.overall().joins().count(Fate.AWAITED)).isEqualTo(EVENTS);
            assertThat(saboteur.last.overall().joins().count(Fate.JOINED)).isEqualTo(labels.size());
            sameRows(spec, Scores.of(saboteur.last.overall()));
        }
    }

    /** Takes the labels out of readings, in another order than the events'. */
    private void split(List<Reading> readings) throws Exception {
        for (Reading reading : readings) {
            ObjectNode fields = (ObjectNode) JSON.readTree(reading.value());
            JsonNode weather = fields.remove("weather");
            events.add(record(reading, fields));
            if (weather != null) {
                ObjectNode label = JSON.createObjectNode();
                label.put("place", reading.station());
                label.put("reading", fields.path("id").asText());
                label.put("seen", fields.path("time").asLong() + 3_600_000);
                label.set("weather", weather);
                labels.add(Math.max(0, labels.size() - labels.size() % 5), record(reading, label));
            }
        }
    }

    private static Reading record(Reading like, ObjectNode fields) {
        return new Reading(like.station(), fields.toString().getBytes(StandardCharsets.UTF_8), null);
    }

    private Path file(String servers) throws Exception {
        return Files.writeString(directory.resolve("job.yaml"), """
                name: late-labels
                source: {kafka: {bootstrap-servers: "SERVERS", topic: readings}}
                event: {id: id, key: station, time: time}
                label: {field: weather, classes: [dry, rain]}
                label-join:
                  kafka: {topic: weather}
                  id: reading
                  key: place
                  time: seen
                  timeout: 30 d
                features:
                  - numeric: [temperature, pressure]
                  - categorical: {field: sky, buckets: 8, dimension: 2}
                model:
                  layers: [standardize, {dense: 8}, layer-norm, relu]
                  optimizer: {adam: {learning-rate: 0.01}}
                executor: jvm
                parallelism: 2
                checkpoints: {every: 200 ms, directory: "DIRECTORY/checkpoints"}
                snapshots: {directory: "DIRECTORY/models", every: 1000000 events}
                predictions: {kafka: {topic: predictions}}
                telemetry: {every: 250 events}
                """.replace("SERVERS", servers)
                .replace("DIRECTORY", directory.toString()));
    }

    /** Predicts all events, then learns all labels, one after the other: the same rows and scores, bit for bit. */
    private void sameRows(JobSpec spec, Scores scores) throws Exception {
        EventReader reader = JobGraph.reader(spec);
        Program program = spec.model().compile(reader.problem());
        JvmExecutor executor = new JvmExecutor(program);
        Map<String, Sample> samples = new TreeMap<>();
        Map<String, float[]> expected = new TreeMap<>();
        int right = 0;
        for (Reading event : events) {
            Sample sample =
                    reader.read(null, event.value(), new Origin("", 0, 0, 0)).sample();
            samples.put(sample.id(), sample);
        }
        for (Reading record : labels) {
            JsonNode label = JSON.readTree(record.value());
            Sample event = samples.get(label.path("reading").asText());
            int actual = label.path("weather").asText().equals("rain") ? 1 : 0;
            Outcome asked = new Outcome(2);
            executor.step(program.initialRow(event.key()), event.features(), new float[0], 1, false, asked);
            right += actual == (asked.scores[1] > asked.scores[0] ? 1 : 0) ? 1 : 0;
            float[] row = expected.computeIfAbsent(event.key(), program::initialRow);
            executor.step(row, event.features(), new float[] {actual}, 1, true, new Outcome(2));
            program.lastSeen(row, Math.max(program.lastSeen(row), event.time())); // as the operator notes it
        }
        Map<String, float[]> rows = new TreeMap<>();
        try (Stream<Path> snapshots = Files.list(directory.resolve("models"))) {
            Snapshot.open(snapshots.sorted().reduce((first, last) -> last).orElseThrow())
                    .forEach(rows::put);
        }
        assertThat(rows.keySet()).isEqualTo(expected.keySet());
        rows.forEach((key, row) -> assertThat(row).as(key).isEqualTo(expected.get(key)));
        assertThat(scores.events()).isEqualTo(labels.size());
        assertThat(scores.accuracy()).isEqualTo(right / (double) labels.size());
    }

    /** Throws in the job's own thread once a count is reached, and knows the last that was told. */
    private static final class Saboteur implements Consumer<Telemetry> {
        private volatile Telemetry last;
        private volatile int crashes;
        private ToLongFunction<Telemetry> count = telemetry -> 0;
        private long reached = Long.MAX_VALUE;

        synchronized void crashAt(ToLongFunction<Telemetry> what, long number) {
            count = what;
            reached = number;
        }

        @Override
        public synchronized void accept(Telemetry telemetry) {
            last = telemetry;
            notifyAll();
            if (count.applyAsLong(telemetry) >= reached) {
                reached = Long.MAX_VALUE;
                crashes++;
                throw new IllegalStateException("a crash, wanted by the test");
            }
        }

        /** Waits until so many labels were joined for good: in what was told after the crash, too. */
        synchronized void await(long joined) throws InterruptedException {
            long end = System.nanoTime() + 120_000_000_000L;
            while (reached != Long.MAX_VALUE || last.overall().joins().count(Fate.JOINED) < joined) {
                assertThat(System.nanoTime())
                        .as("%d labels were joined", joined)
                        .isLessThan(end);
                wait(1_000);
            }
        }
    }
}
