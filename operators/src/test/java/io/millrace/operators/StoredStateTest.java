package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Program;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.KeyTally;
import io.millrace.models.metrics.Tally;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.records.Sample;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole state of a learner, as every version has saved it, must be restored for ever: rows, what waits for labels,
 * timers. {@code main} writes that of a new version, once.
 */
class StoredStateTest {
    private static final int EVENTS = 300;
    private static final int EARLY = 10; // labels before their events
    private static final Program PROGRAM = Learner.MODEL.compile(Learner.PROBLEM);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void stateOfEveryVersionIsRestored(int version) throws Exception {
        URL stored = Objects.requireNonNull(StoredStateTest.class.getResource("stored/" + version));
        Path files = Path.of(stored.toURI());
        OperatorSubtaskState state =
                OperatorSnapshotUtil.readStateHandle(files.resolve("state").toString());
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec(directory), state)) {
            learner.feed(
                    List.of(Learner.sample("key0", "now", EVENTS, new float[3], new float[0]))); // a snapshot is due
            Map<String, float[]> rows = models(learner, directory);
            Map<String, float[]> saved = read(files.resolve("models"));
            assertThat(rows.keySet()).isEqualTo(saved.keySet()).hasSize(7);
            rows.forEach((key, row) -> assertThat(row).as(key).isEqualTo(saved.get(key)));
            assertThat(rows.values().stream().mapToLong(PROGRAM::updates).sum()).isEqualTo(EVENTS / 2);

            learner.feed(rest());
            learner.prepareSnapshotPreBarrier(2);
            Tally tally = learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
            assertThat(tally.joins().count(Fate.JOINED)).isEqualTo(EVENTS / 2 + EARLY);
            assertThat(tally.joins().count(Fate.UNKNOWN)).isZero();
            long scored = Arrays.stream(tally.keys()).mapToLong(KeyTally::count).sum();
            assertThat(scored).isEqualTo((version == 1 ? EVENTS / 2 : EVENTS) + EARLY); // the first watched no keys
        }
    }

    private static LearnerSpec spec(Path directory) {
        SnapshotPlan snapshots = new SnapshotPlan(directory.toUri().toString(), null, 1, "");
        StatePlan plan = new StatePlan(1 << 20, Duration.ofDays(1), null, null, null);
        return new LearnerSpec("job", Learner.MODEL, Learner.PROBLEM, Execution.AUTO, 1000, snapshots, plan)
                .with(LabelJoin.within(Duration.ofHours(1)));
    }

    /** Every other event brings its label, the others wait for theirs; some labels wait for their events. */
    private static List<Sample> first() {
        List<Sample> samples = new ArrayList<>();
        for (Sample each : Learner.samples(EVENTS, 7)) {
            samples.add(each.time() % 2 == 0 ? each : unlabelled(each));
        }
        for (int i = 0; i < EARLY; i++) {
            samples.add(label(early(i)));
        }
        return samples;
    }

    /** What was waited for. */
    private static List<Sample> rest() {
        List<Sample> samples = new ArrayList<>();
        for (Sample each : Learner.samples(EVENTS, 7)) {
            if (each.time() % 2 == 1) {
                samples.add(label(each));
            }
        }
        for (int i = 0; i < EARLY; i++) {
            samples.add(unlabelled(early(i)));
        }
        return samples;
    }

    private static Sample early(int i) {
        return Learner.sample("key" + i % 7, "early" + i, EVENTS + i, new float[] {0.5f, i, 1}, new float[] {1});
    }

    private static Sample unlabelled(Sample event) {
        return Learner.sample(event.key(), event.id(), event.time(), event.features(), new float[0]);
    }

    private static Sample label(Sample event) {
        return new Sample(
                event.key(),
                event.id(),
                event.time(),
                new float[0],
                event.label(),
                1,
                Sample.Kind.LABEL,
                event.origin());
    }

    private static Map<String, float[]> models(Learner learner, Path directory) throws Exception {
        learner.checkpoint(1);
        learner.notifyOfCompletedCheckpoint(1);
        try (Stream<Path> snapshots = Files.list(directory)) {
            return read(snapshots.findFirst().orElseThrow());
        }
    }

    private static Map<String, float[]> read(Path snapshot) throws IOException {
        Map<String, float[]> rows = new TreeMap<>();
        Snapshot.open(snapshot).forEach(rows::put);
        return rows;
    }

    /** Writes what this version saves, and its models, into a new directory. */
    public static void main(String[] directory) throws Exception {
        Path files = Files.createDirectory(Path.of(directory[0])).toAbsolutePath();
        try (Learner learner = Learner.open(spec(files))) {
            learner.feed(first());
            OperatorSubtaskState state = learner.checkpoint(1);
            OperatorSnapshotUtil.writeStateHandle(state, files.resolve("state").toString());
            learner.notifyOfCompletedCheckpoint(1);
        }
        try (Stream<Path> snapshots = Files.list(files)) {
            Path snapshot = snapshots.filter(Files::isDirectory).findFirst().orElseThrow();
            Files.move(snapshot, files.resolve("models"));
        }
    }
}
