package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.program.Transfer;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.LayoutChange;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
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

    private static LearnerSpec transferred(int features, LabelJoin join, String... classes) {
        Problem problem = new Problem(Inputs.numeric(features), new Target.Classes(List.of(classes)));
        StatePlan state = new StatePlan(1 << 20, null, null, null, null, LayoutChange.TRANSFER);
        return new LearnerSpec("job", Learner.MODEL, problem, Execution.AUTO, 1000, null, state).with(join);
    }

    private static Sample event(int features, float... label) {
        return Learner.sample("key", "event", 10, new float[features], label);
    }

    private static Tally tally(Learner learner) throws Exception {
        learner.prepareSnapshotPreBarrier(2);
        return learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
    }

    @Test
    void classesMayComeAndGo() throws Exception {
        LabelJoin none = LabelJoin.within(Duration.ofSeconds(1));
        LearnerSpec few = transferred(3, none, "a", "b");
        LearnerSpec many = transferred(3, none, "a", "b", "c", "d", "e");
        for (boolean more : new boolean[] {true, false}) {
            LearnerSpec before = more ? few : many;
            int last = before.problem().target().scores() - 1;
            OperatorSubtaskState state;
            try (Learner learner = Learner.open(before)) {
                learner.feed(List.of(event(3, last)));
                state = learner.checkpoint(1);
            }
            LearnerSpec after = more ? many : few;
            try (Learner learner = Learner.on(new HashMapStateBackend(), after, state)) {
                learner.feed(List.of(Learner.sample("key", "next", 20, new float[3], new float[] {0})));

                Scores scores = Scores.of(tally(learner));
                assertThat(scores.events()).isEqualTo(1);
                assertThat(scores.baselines().noChange().kappa()).isZero();
                Scores.Baseline majority = scores.baselines().majorityClass();
                assertThat(majority).isNotNull();
                assertThat(majority.kappa()).isZero(); // of a prediction that was not made
            }
        }
    }

    @Test
    void whatWaitedWithOtherFeaturesOrClassesIsForgottenAndCounted() throws Exception {
        LabelJoin join = new LabelJoin(Duration.ofSeconds(1), new float[] {0}, 10);
        LearnerSpec before = transferred(3, join, "a", "b", "c");
        Sample label = new Sample(
                "key", "event", 20, new float[0], new float[] {1}, 1, Sample.Kind.LABEL, new Origin("t", 0, 20, 20));
        for (LearnerSpec after : List.of(
                transferred(4, join, "a", "b", "c"),
                transferred(2, join, "a", "b", "c"),
                transferred(3, join, "a", "b"))) {
            for (boolean labelComes : new boolean[] {true, false}) {
                OperatorSubtaskState state;
                try (Learner learner = Learner.open(before)) {
                    learner.feed(List.of(event(3)));
                    state = learner.checkpoint(1);
                }
                try (Learner learner = Learner.on(new HashMapStateBackend(), after, state)) {
                    if (labelComes) {
                        learner.feed(List.of(label));
                    }
                    learner.processWatermark(new Watermark(5000));

                    Tally tally = tally(learner);
                    assertThat(tally.updates()).isZero();
                    assertThat(tally.joins().count(Fate.EVICTED)).isEqualTo(1);
                    assertThat(tally.joins().count(Fate.UNKNOWN)).isEqualTo(labelComes ? 1 : 0);
                }
            }
        }
    }

    @Test
    void aLabelThatIsNoClassAnyMoreIsForgotten() throws Exception {
        LabelJoin join = LabelJoin.within(Duration.ofSeconds(1));
        Sample label = new Sample(
                "key", "event", 5, new float[0], new float[] {2}, 1, Sample.Kind.LABEL, new Origin("t", 0, 5, 5));
        OperatorSubtaskState state;
        try (Learner learner = Learner.open(transferred(3, join, "a", "b", "c"))) {
            learner.feed(List.of(label));
            state = learner.checkpoint(1);
        }
        try (Learner learner = Learner.on(new HashMapStateBackend(), transferred(3, join, "a", "b"), state)) {
            learner.feed(List.of(event(3)));

            Tally tally = tally(learner);
            assertThat(tally.joins().count(Fate.EVICTED_LABEL)).isEqualTo(1);
            assertThat(tally.joins().count(Fate.AWAITED)).isEqualTo(1);
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
