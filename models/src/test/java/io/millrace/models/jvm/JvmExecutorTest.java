package io.millrace.models.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adadelta;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.AdamW;
import io.millrace.models.optimizer.AmsGrad;
import io.millrace.models.optimizer.Momentum;
import io.millrace.models.optimizer.Nadam;
import io.millrace.models.optimizer.Nesterov;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.RmsProp;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Range.Section;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every row may rely on, for random models and for edges. */
class JvmExecutorTest {
    private static final float[] UNKNOWN = {};

    private static final List<Optimizer> DECAYING = List.of(
            new Adam(0.001),
            new Momentum(0.001, 0.9),
            new Nesterov(0.001, 0.9),
            new Adadelta(0.1, 0.9, 1e-6),
            new RmsProp(0.001, 0.9, 1e-8),
            new AdamW(0.001, 0.01, 0.9, 0.999, 1e-8),
            new Nadam(0.001, 0.9, 0.999, 1e-8),
            new AmsGrad(0.001, 0.9, 0.999, 1e-8));

    static List<RandomCase> cases() {
        return RandomCase.all();
    }

    /** Runs the events of one key over its row. */
    private static void run(RandomCase each, int from, int to, float[] row) {
        Program program = each.program();
        JvmExecutor executor = new JvmExecutor(program);
        Outcome outcome = new Outcome(program.problem().target().scores());
        for (List<Event> round : each.rounds().subList(from, to)) {
            for (Event event : round) {
                executor.step(row, event.features(), event.label(), event.weight(), event.learn(), outcome);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void continuesFromACopyOfTheRowAsIfItHadNeverStopped(RandomCase each) {
        float[] whole = each.program().initialRow("key");
        run(each, 0, 200, whole);
        float[] first = each.program().initialRow("key");
        run(each, 0, 77, first);
        float[] second = first.clone();
        run(each, 77, 200, second);
        assertThat(second).as("%s", each).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void predictingChangesNeitherTheRowNorTheSample(RandomCase each) {
        float[] row = each.program().initialRow("key");
        run(each, 0, 50, row);
        float[] before = row.clone();
        JvmExecutor executor = new JvmExecutor(each.program());
        Outcome outcome = new Outcome(each.problem().target().scores());
        for (Event event : each.rounds().get(60)) {
            float[] features = event.features().clone();
            executor.step(row, features, UNKNOWN, 1, false, outcome);
            assertThat(row).as("%s", each).isEqualTo(before);
            assertThat(features).isEqualTo(event.features());
            assertThat(outcome.status).isIn(Status.PREDICTED, Status.REFUSED_SCORES);
            assertThat(outcome.loss).isNaN();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void learningLeavesTheSampleAlone(RandomCase each) {
        float[] row = each.program().initialRow("key");
        JvmExecutor executor = new JvmExecutor(each.program());
        Outcome outcome = new Outcome(each.problem().target().scores());
        for (Event event : each.rounds().get(0)) {
            float[] features = event.features().clone();
            float[] label = event.label().clone();
            executor.step(row, features, label, event.weight(), event.learn(), outcome);
            assertThat(features).isEqualTo(event.features());
            assertThat(label).isEqualTo(event.label());
        }
    }

    @Test
    void reportsTheModelThatPredictedAndTheLabelBeforeThisOne() {
        Stand stand = new Stand(List.of(), new Sgd(0.1));
        assertThat(stand.learn(1, 5).version).isZero();
        assertThat(stand.outcome.previousLabel).isNaN();
        assertThat(stand.learn(1, 7).version).isEqualTo(1);
        assertThat(stand.outcome.previousLabel).isEqualTo(5);
        stand.see(1, 9);
        assertThat(stand.outcome.status).isEqualTo(Status.PREDICTED);
        assertThat(stand.learn(1, 7).previousLabel).isEqualTo(9);
        assertThat(stand.outcome.version).isEqualTo(2);
    }

    @Test
    void oneStepOfLinearRegressionByHand() {
        Stand stand = new Stand(List.of(), new Sgd(0.1));
        stand.learn(2, 3); // residual -3: the bias moves by .3, the weight by .6
        assertThat(stand.outcome.loss).isEqualTo(4.5);
        stand.see(2, 0);
        assertThat(stand.outcome.scores[0]).isEqualTo(1.5f);
    }

    @Test
    void weightMultipliesTheStep() {
        Stand stand = new Stand(List.of(), new Sgd(0.1));
        stand.executor.step(stand.row, new float[] {2}, new float[] {3}, 2, true, stand.outcome);
        assertThat(stand.outcome.loss).isEqualTo(4.5);
        stand.see(2, 0);
        assertThat(stand.outcome.scores[0]).isEqualTo(3);
    }

    @Test
    void missingNumberBecomesZeroWhereNoLayerKnowsIt() {
        Stand stand = new Stand(List.of(new Dense(4), new Relu()), new Sgd(0.1));
        stand.see(Float.NaN, 0);
        assertThat(stand.outcome.status).isEqualTo(Status.PREDICTED);
        assertThat(stand.outcome.scores).containsExactly(0);
    }

    @Test
    void featureTooLargeToPredictFromIsRefused() {
        Stand stand = new Stand(List.of(new Standardize()), new Sgd(0.1));
        stand.learn(1, 1);
        float[] before = stand.row.clone();
        assertThat(stand.learn(1e30f, 2).status).isEqualTo(Status.REFUSED_SCORES);
        assertThat(stand.outcome.loss).isNaN();
        assertThat(stand.outcome.refusal()).contains("not a finite number");
        assertThat(stand.row).isEqualTo(before);
    }

    @Test
    void secondNormalizerDoesNotHideAnOverflow() {
        Stand stand = new Stand(List.of(new Standardize(), new Standardize()), new Sgd(0.1));
        stand.learn(1, 1);
        assertThat(stand.learn(1e30f, 2).status).isEqualTo(Status.REFUSED_SCORES);
    }

    @Test
    void stepWithAnOverflowingGradientIsRefused() {
        Stand stand = new Stand(List.of(), new Adam(0.1));
        stand.learn(1, 1);
        assertRefused(stand, 1e20f, 1);
    }

    @Test
    void labelThatOverflowsTheLossIsRefused() {
        Stand stand = new Stand(List.of(new Dense(4), new LayerNorm(), new Relu()), new Momentum(0.1, 0.9));
        stand.learn(1, 1);
        assertRefused(stand, 1, 1e30f);
        assertRefused(stand, 1, Float.POSITIVE_INFINITY);
    }

    @Test
    void standardizedLabelThatOverflowsItsVarianceIsRefused() {
        Stand stand = new Stand(List.of(), new Squared(true), new Sgd(0.1));
        stand.learn(1, 1);
        assertRefused(stand, 1, 1e30f);
    }

    /** Nothing but the last label changes. */
    private static void assertRefused(Stand stand, float feature, float label) {
        float[] expected = stand.row.clone();
        assertThat(stand.learn(feature, label).status).isEqualTo(Status.REFUSED_STEP);
        assertThat(stand.outcome.refusal()).contains("nothing was learnt");
        stand.program.lastLabel(expected, new float[] {label});
        assertThat(stand.row).isEqualTo(expected);
    }

    @Test
    void dropoutRepeatsItselfForTheSameKeyAndUpdateAlone() {
        ModelSpec spec = new ModelSpec(List.of(new Dense(32), new Dropout(0.5)), new Squared(false), new Sgd(0.1), 1);
        Program program = spec.compile(new Problem(Inputs.numeric(1), new Target.Value()));
        float[] one = afterTwoSteps(program, "one");
        assertThat(afterTwoSteps(program, "one")).isEqualTo(one);
        float[] other = afterTwoSteps(program, "other");
        other[program.saltAt()] = one[program.saltAt()];
        assertThat(other).isNotEqualTo(one);
    }

    private static float[] afterTwoSteps(Program program, String key) {
        float[] row = program.initialRow(key);
        Outcome outcome = new Outcome(1);
        JvmExecutor executor = new JvmExecutor(program);
        executor.step(row, new float[] {1}, new float[] {1}, 1, true, outcome);
        executor.step(row, new float[] {2}, new float[] {1}, 1, true, outcome);
        return row;
    }

    @Test
    void slotsOfAFeatureThatFellSilentDoNotTurnDenormal() {
        for (Optimizer optimizer : DECAYING) {
            Stand stand = new Stand(List.of(), optimizer);
            stand.learn(1, 1);
            for (int event = 0; event < 5000; event++) {
                stand.learn(0, event % 2);
            }
            for (int at = 0; at < stand.program.layout().start(Section.BUFFERS); at++) {
                float value = Math.abs(stand.row[at]);
                assertThat(value == 0 || (value >= Float.MIN_NORMAL && Float.isFinite(value)))
                        .as("float %s is %s", at, value)
                        .isTrue();
            }
        }
    }

    @Test
    void updatesAreCountedBeyondWhatAFloatCountsTo() {
        Stand stand = new Stand(List.of(), new Adam(0.001));
        stand.row[stand.program.updatesAt()] = Program.LOW - 2;
        stand.row[stand.program.updatesAt() + 1] = 3;
        for (int i = 0; i < 4; i++) {
            assertThat(stand.learn(1, 1).version).isEqualTo(4L * Program.LOW - 2 + i);
            assertThat(stand.outcome.status).isEqualTo(Status.LEARNT);
        }
    }

    /** A small regression: one feature, one row. */
    private static final class Stand {
        private final Program program;
        private final JvmExecutor executor;
        private final float[] row;
        private final Outcome outcome = new Outcome(1);

        Stand(List<Layer> layers, Optimizer optimizer) {
            this(layers, new Squared(false), optimizer);
        }

        Stand(List<Layer> layers, Squared loss, Optimizer optimizer) {
            program = new ModelSpec(layers, loss, optimizer, 1)
                    .compile(new Problem(Inputs.numeric(1), new Target.Value()));
            executor = new JvmExecutor(program);
            row = program.initialRow("key");
        }

        Outcome learn(float feature, float label) {
            executor.step(row, new float[] {feature}, new float[] {label}, 1, true, outcome);
            return outcome;
        }

        void see(float feature, float label) {
            float[] before = Arrays.copyOf(row, program.updatesAt());
            executor.step(row, new float[] {feature}, new float[] {label}, 1, false, outcome);
            assertThat(Arrays.copyOf(row, program.updatesAt())).isEqualTo(before);
        }
    }
}
