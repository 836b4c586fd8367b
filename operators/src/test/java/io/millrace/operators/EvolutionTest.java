package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.ModelSpec;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.program.Transfer;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.LayoutChange;
import io.millrace.state.records.Prediction;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that continues with a layer of another size. */
class EvolutionTest {
    private static final ModelSpec WIDER =
            new ModelSpec(List.of(new Standardize(), new Dense(7), new Relu()), null, new Adam(0.01), 1);

    @TempDir
    Path directory;

    private LearnerSpec spec(ModelSpec model, LayoutChange change, String snapshots) {
        SnapshotPlan plan =
                new SnapshotPlan(directory.resolve(snapshots).toUri().toString(), null, 1, "");
        StatePlan state = new StatePlan(1 << 20, null, null, null, null, change);
        return new LearnerSpec("job", model, Learner.PROBLEM, Execution.AUTO, 1000, plan, state);
    }

    private static Map<String, float[]> rows(Learner learner, long checkpoint) throws Exception {
        learner.checkpoint(checkpoint);
        learner.notifyOfCompletedCheckpoint(checkpoint);
        Map<String, float[]> rows = new TreeMap<>();
        List<SnapshotTaken> taken = learner.side(OnlineLearner.SNAPSHOTS);
        Snapshot.open(Path.of(URI.create(taken.get(taken.size() - 1).directory())))
                .forEach(rows::put);
        return rows;
    }

    @Test
    void carriesOverWhatFitsOnEitherBackEnd() throws Exception {
        Transfer transfer = Transfer.of(
                Learner.MODEL.compile(Learner.PROBLEM).layout().describe(),
                WIDER.compile(Learner.PROBLEM).layout());
        for (StateBackend backend : List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
            String name = backend.getClass().getSimpleName();
            OperatorSubtaskState state;
            Map<String, float[]> before;
            try (Learner learner = Learner.on(backend, spec(Learner.MODEL, LayoutChange.REFUSE, name + 1), null)) {
                learner.feed(Learner.samples(200, 7));
                state = learner.checkpoint(1);
                before = rows(learner, 2);
            }
            try (Learner learner = Learner.on(backend, spec(WIDER, LayoutChange.TRANSFER, name + 2), state)) {
                learner.feed(List.of(Learner.sample("new", "x", 300, new float[] {1, 2, 0}, new float[] {1})));
                Map<String, float[]> after = rows(learner, 3);
                assertThat(after).hasSize(8);
                before.forEach((key, row) ->
                        assertThat(after.get(key)).as("%s on %s", key, name).isEqualTo(transfer.apply(row)));
                learner.feed(Learner.samples(50, 7));
                assertThat(learner.side(OnlineLearner.PREDICTIONS)).hasSize(51);
            }
        }
    }

    @Test
    void restartsAllModelsOnRequest() throws Exception {
        for (StateBackend backend : List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
            String name = backend.getClass().getSimpleName();
            OperatorSubtaskState state;
            try (Learner learner = Learner.on(backend, spec(Learner.MODEL, LayoutChange.REFUSE, name + 3), null)) {
                learner.feed(Learner.samples(200, 7));
                state = learner.checkpoint(1);
            }
            List<Long> versions = new ArrayList<>();
            try (Learner learner = Learner.on(backend, spec(WIDER, LayoutChange.RESTART, name + 4), state)) {
                learner.feed(Learner.samples(50, 1));
                learner.side(OnlineLearner.PREDICTIONS).stream()
                        .map(Prediction::version)
                        .forEach(versions::add);
            }
            assertThat(versions).startsWith(0L, 1L, 2L).endsWith(49L);
        }
    }

    @Test
    void refusesAnotherLayoutByNameUnlessToldOtherwise() throws Exception {
        OperatorSubtaskState state;
        try (Learner learner = Learner.open(spec(Learner.MODEL, LayoutChange.REFUSE, "refused"))) {
            learner.feed(Learner.samples(20, 7));
            state = learner.checkpoint(1);
        }
        assertThatThrownBy(
                        () -> Learner.on(new HashMapStateBackend(), spec(WIDER, LayoutChange.REFUSE, "refused"), state))
                .hasStackTraceContaining("where the saved rows have 'parameters 1.dense.weight [3, 5]', the job's have"
                        + " 'parameters 1.dense.weight [3, 7]'");
    }
}
