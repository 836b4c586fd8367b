package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.records.Sample;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of rows on the heap that change, and whose arrays are used again, while they are written. */
class CheckpointsInPlaceTest {
    private static final List<SnapshotType> TYPES = List.of(
            CheckpointType.CHECKPOINT,
            SavepointType.savepoint(SavepointFormatType.CANONICAL),
            SavepointType.savepoint(SavepointFormatType.NATIVE));

    @TempDir
    Path directory;

    /** A checkpoint that was begun after so many samples. */
    private record Begun(int samples, OperatorSnapshotFutures futures) {}

    private LearnerSpec spec() {
        SnapshotPlan snapshots = new SnapshotPlan(directory.toUri().toString(), null, 40, "spec");
        return new LearnerSpec(
                "job", Learner.MODEL, Learner.PROBLEM, Execution.AUTO, 1000, snapshots, StatePlan.DEFAULT);
    }

    private static OperatorSnapshotFutures begin(Learner learner, long id, SnapshotType type) throws Exception {
        learner.prepareSnapshotPreBarrier(id);
        CheckpointOptions options = new CheckpointOptions(type, CheckpointStorageLocationReference.getDefault());
        return learner.getOperator().snapshotState(id, id * 1000, options, new MemCheckpointStreamFactory(1 << 26));
    }

    private Map<String, float[]> rows(OperatorSubtaskState state, long id) throws Exception {
        Map<String, float[]> rows = new HashMap<>();
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec(), state)) {
            learner.endInput();
            learner.checkpoint(id);
            learner.notifyOfCompletedCheckpoint(id);
            Path snapshot = Path.of(
                    URI.create(learner.side(OnlineLearner.SNAPSHOTS).get(0).directory()));
            Snapshot.open(snapshot).forEach((key, row) -> rows.put(key, row.clone()));
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdTheBitsOfTheirBarriersInWhateverOrderTheyEnd(long seed) throws Exception {
        Random random = new Random(seed);
        List<Sample> samples = Learner.samples(2000, 12);
        List<Begun> open = new ArrayList<>();
        int fed = 0;
        int compared = 0;
        try (Learner learner = Learner.open(spec())) {
            for (long id = 1; fed < samples.size(); id++) {
                int next = Math.min(samples.size(), fed + random.nextInt(40));
                learner.feed(samples.subList(fed, next));
                fed = next;
                switch (random.nextInt(open.size() < 3 ? 4 : 3)) {
                    case 0 -> {
                        if (!open.isEmpty()) {
                            open.remove(random.nextInt(open.size())).futures.cancel();
                        }
                    }
                    case 3 -> open.add(new Begun(fed, begin(learner, id, TYPES.get(random.nextInt(TYPES.size())))));
                    default -> {
                        if (!open.isEmpty()) {
                            Begun begun = open.remove(random.nextInt(open.size()));
                            OperatorSubtaskState state = OperatorSnapshotFinalizer.create(begun.futures)
                                    .getJobManagerOwnedState();
                            assertSameRows(rows(state, id), FrozenRowsTest.byHand(samples.subList(0, begun.samples)));
                            compared++;
                        }
                    }
                }
            }
            for (Begun begun : open) {
                begun.futures.cancel();
            }
        }
        assertThat(compared).isGreaterThan(5);
    }

    private static void assertSameRows(Map<String, float[]> rows, Map<String, float[]> byHand) {
        assertThat(rows.keySet()).isEqualTo(byHand.keySet());
        byHand.forEach((key, row) -> assertThat(rows.get(key)).as(key).isEqualTo(row));
    }

    @Test
    void copyRowsIntoTheArraysOfTheOneBefore() throws Exception {
        List<Sample> samples = Learner.samples(200, 12);
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples);
            Set<float[]> originals = arrays(learner);
            learnWhileWritten(learner, 1, samples);
            Set<float[]> copies = arrays(learner);
            learnWhileWritten(learner, 2, samples);

            assertThat(copies).hasSize(12).doesNotContainAnyElementsOf(originals);
            assertThat(arrays(learner)).isEqualTo(originals);
        }
    }

    private static void learnWhileWritten(Learner learner, long id, List<Sample> samples) throws Exception {
        OperatorSnapshotFutures begun = begin(learner, id, CheckpointType.CHECKPOINT);
        learner.feed(samples);
        OperatorSnapshotFinalizer.create(begun);
    }

    /** The arrays that hold the rows now, by identity. */
    private static Set<float[]> arrays(Learner learner) throws Exception {
        FrozenTable table = new FrozenTable(learner.getOperator()
                .getKeyedStateBackend()
                .getPartitionedState(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        new ValueStateDescriptor<>("rows", float[].class)));
        Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String key : table.keys()) {
            arrays.add(table.row(key));
        }
        table.release();
        return arrays;
    }
}
