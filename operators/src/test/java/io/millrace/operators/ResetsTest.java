package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.loss.Squared;
import io.millrace.models.metrics.Tally;
import io.millrace.models.optimizer.Sgd;
import io.millrace.operators.RefusedSteps.ResetTo;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line through numbers that are far too large for its learning rate diverges, and refuses steps from then on. */
class ResetsTest {
    private static final ModelSpec LINE = new ModelSpec(List.of(), new Squared(false), new Sgd(0.1), 1);
    private static final Problem PROBLEM = new Problem(Inputs.numeric(1), new Target.Value());

    @TempDir
    Path directory;

    private LearnerSpec spec(Execution execution, @Nullable RefusedSteps refused) {
        SnapshotPlan snapshots = new SnapshotPlan(directory.toUri().toString(), null, 10, "");
        StatePlan plan = new StatePlan(1 << 20, null, null, null, refused);
        return new LearnerSpec("job", LINE, PROBLEM, execution, 1000, snapshots, plan);
    }

    private static List<Sample> events(int count, float feature) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(Learner.sample("key", "e" + i, i, new float[] {feature}, new float[] {3}));
        }
        return samples;
    }

    private static List<Long> versions(Learner learner) {
        return learner.side(OnlineLearner.PREDICTIONS).stream()
                .map(Prediction::version)
                .toList();
    }

    private static List<String> reasons(Learner learner) {
        return learner.side(OnlineLearner.DEAD_LETTERS).stream()
                .map(DeadLetter::reason)
                .toList();
    }

    private static long resets(Learner learner) {
        return learner.extractOutputValues().stream()
                .map(Tally.class::cast)
                .reduce(Tally.NONE, Tally::plus)
                .resets();
    }

    @Test
    void aModelThatRefusesOneStepAfterTheOtherBeginsAnewAndSaysSo() throws Exception {
        for (Execution execution : List.of(Execution.AUTO, Learner.DJL)) {
            try (Learner learner = Learner.open(spec(execution, new RefusedSteps(4, ResetTo.INITIAL)))) {
                learner.feed(events(100, 1000));
                learner.endInput();

                List<String> reasons = reasons(learner);
                assertThat(reasons).hasSizeGreaterThan(8);
                for (int i = 0; i < reasons.size(); i++) {
                    String reset = "; the model was reset to its beginning after 4 refusals in a row";
                    assertThat(reasons.get(i).endsWith(reset)).isEqualTo(i % 4 == 3);
                }
                assertThat(resets(learner)).isEqualTo(reasons.size() / 4);
                List<Long> versions = versions(learner);
                assertThat(versions.stream().filter(each -> each == 0).count()).isEqualTo(1 + resets(learner));
            }
        }
    }

    @Test
    void aCrashBetweenTwoRefusalsChangesNothing() throws Exception {
        LearnerSpec spec = spec(Execution.AUTO, new RefusedSteps(4, ResetTo.INITIAL));
        List<Sample> events = events(60, 1000);
        List<Long> undisturbed;
        try (Learner learner = Learner.open(spec)) {
            learner.feed(events);
            undisturbed = versions(learner);
            assertThat(undisturbed.subList(1, 60)).contains(0L);
        }
        for (int crash = 1; crash < 20; crash++) {
            OperatorSubtaskState state;
            List<Long> versions;
            try (Learner learner = Learner.on(new EmbeddedRocksDBStateBackend(), spec, null)) {
                learner.feed(events.subList(0, crash));
                state = learner.checkpoint(1);
                versions = new ArrayList<>(versions(learner));
            }
            try (Learner learner = Learner.on(new EmbeddedRocksDBStateBackend(), spec, state)) {
                learner.feed(events.subList(crash, 60));
                versions.addAll(versions(learner));
            }
            assertThat(versions).as("crash after %d events", crash).isEqualTo(undisturbed);
        }
    }

    @Test
    void isResetToItsLatestSnapshotInWhichItHadLearnt() throws Exception {
        try (Learner learner = Learner.open(spec(Execution.AUTO, new RefusedSteps(3, ResetTo.SNAPSHOT)))) {
            learner.feed(events(20, 1));
            learner.checkpoint(1);
            learner.notifyOfCompletedCheckpoint(1);
            int broken = 20;
            while (reasons(learner).isEmpty()) {
                learner.feed(events(1, 1000));
                broken++;
            }
            learner.feed(events(9, 1)); // it still learns these, and recovers: refusals must be in a row
            learner.feed(events(30, 1000));

            assertThat(reasons(learner))
                    .anyMatch(each -> each.endsWith("reset to its last good snapshot after 3 refusals in a row"));
            assertThat(versions(learner).subList(broken, versions(learner).size()))
                    .contains(20L);
        }
    }

    @Test
    void aRefusalOfAnotherKeyDoesNotTellOfTheReset() throws Exception {
        for (Execution execution : List.of(Execution.AUTO, Learner.DJL)) {
            try (Learner learner = Learner.open(spec(execution, new RefusedSteps(1, ResetTo.INITIAL)))) {
                learner.feed(events(100, 1000));
                learner.feed(List.of(
                        Learner.sample("other", "x", 200, new float[] {Float.POSITIVE_INFINITY}, new float[0])));
                learner.endInput();

                assertThat(reasons(learner)).anyMatch(each -> each.contains("; the model was reset"));
                assertThat(learner.side(OnlineLearner.DEAD_LETTERS))
                        .filteredOn(each -> Arrays.equals(each.key(), "other".getBytes(StandardCharsets.UTF_8)))
                        .singleElement()
                        .extracting(DeadLetter::reason)
                        .isEqualTo("the prediction is not a finite number: a feature is too large for the model");
            }
        }
    }

    @Test
    void withoutASettingAModelIsNeverReset() throws Exception {
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec(Execution.AUTO, null), null)) {
            learner.feed(events(100, 1000));
            learner.endInput();

            assertThat(reasons(learner)).isNotEmpty().noneMatch(each -> each.contains("reset"));
            assertThat(resets(learner)).isZero();
        }
    }
}
