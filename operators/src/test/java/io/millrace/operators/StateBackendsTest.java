package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where rows are kept changes neither predictions nor rows. */
class StateBackendsTest {
    private static final int SAMPLES = 900;
    private static final int KEYS = 30;

    @TempDir
    Path directory;

    /** What a learner made of the samples, with a crash in the middle. */
    private record Made(List<Prediction> predictions, TreeMap<String, float[]> rows) {}

    private Made run(StateBackend backend, Execution execution, long cacheBytes) throws Exception {
        String snapshots = directory
                .resolve(backend.getClass().getSimpleName() + execution.executor() + cacheBytes)
                .toUri()
                .toString();
        LearnerSpec spec = new LearnerSpec(
                "job",
                Learner.MODEL,
                Learner.PROBLEM,
                execution,
                1000,
                new SnapshotPlan(snapshots, null, SAMPLES, ""),
                new StatePlan(cacheBytes, null, null, null, null));
        List<Sample> samples = Learner.samples(SAMPLES, KEYS);
        OperatorSubtaskState state;
        List<Prediction> predictions;
        try (Learner learner = Learner.on(backend, spec, null)) {
            learner.feed(samples.subList(0, 400));
            state = learner.checkpoint(1);
            predictions = learner.side(OnlineLearner.PREDICTIONS);
            learner.feed(samples.subList(400, 700)); // lost with the crash
        }
        try (Learner learner = Learner.on(backend, spec, state)) {
            learner.feed(samples.subList(400, 650));
            learner.checkpoint(2);
            learner.feed(samples.subList(650, SAMPLES));
            learner.endInput();
            learner.checkpoint(3);
            learner.notifyOfCompletedCheckpoint(3);
            predictions.addAll(learner.side(OnlineLearner.PREDICTIONS));
            TreeMap<String, float[]> rows = new TreeMap<>();
            SnapshotTaken taken = learner.side(OnlineLearner.SNAPSHOTS).get(0);
            Snapshot.open(Path.of(URI.create(taken.directory()))).forEach(rows::put);
            return new Made(predictions, rows);
        }
    }

    private static void areEqual(Made made, Made expected) {
        assertThat(made.predictions).hasSize(SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(made.predictions.get(i).id())
                    .isEqualTo(expected.predictions.get(i).id());
            assertThat(made.predictions.get(i).version())
                    .isEqualTo(expected.predictions.get(i).version());
            assertThat(made.predictions.get(i).scores())
                    .isEqualTo(expected.predictions.get(i).scores());
        }
        assertThat(made.rows.keySet()).isEqualTo(expected.rows.keySet());
        made.rows.forEach((key, row) -> assertThat(row).as(key).isEqualTo(expected.rows.get(key)));
    }

    @Test
    void rocksDbGivesTheSameBitsAsTheHeapAlsoWithACacheOfFewRows() throws Exception {
        Made onTheHeap = run(new HashMapStateBackend(), Execution.AUTO, 1 << 20);
        long fourRows = 4 * (256 + 4L * onTheHeap.rows.firstEntry().getValue().length);

        areEqual(run(new EmbeddedRocksDBStateBackend(true), Execution.AUTO, 1 << 20), onTheHeap);
        areEqual(run(new EmbeddedRocksDBStateBackend(true), Execution.AUTO, fourRows), onTheHeap);
        areEqual(run(new EmbeddedRocksDBStateBackend(true), Execution.AUTO, 1), onTheHeap);
    }

    @Test
    void djlGivesTheSameBitsOnEitherBackEnd() throws Exception {
        Made onTheHeap = run(new HashMapStateBackend(), Learner.DJL, 1 << 20);

        areEqual(run(new EmbeddedRocksDBStateBackend(true), Learner.DJL, 1), onTheHeap);
    }
}
