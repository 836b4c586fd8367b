package io.millrace.models.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Range.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

class OnDriftTest {
    private static final Problem CLASSES = new Problem(Inputs.numeric(2), new Target.Classes(List.of("no", "yes")));
    private static final Problem VALUES = new Problem(Inputs.numeric(2), new Target.Value());
    private static final Detector DETECTOR = new HddmA(0.001);
    private static final int EVENTS = 2000;
    private static final int DRIFT = 1000;

    private static ModelSpec model(double rate) {
        return new ModelSpec(List.of(new Standardize(), new Dense(4), new Tanh()), null, new Sgd(rate), 1);
    }

    private static Program program(OnDrift onDrift) {
        return model(0.1).with(onDrift).compile(CLASSES);
    }

    /** A model that sees two numbers and which is larger; from {@link #DRIFT} on the labels are turned round. */
    private static final class Run {
        final Program program;
        final float[] row;
        final Outcome outcome;
        private final JvmExecutor executor;
        private final Random random = new Random(7);
        int events;
        float label;

        Run(Program program) {
            this.program = program;
            executor = new JvmExecutor(program);
            row = program.initialRow("key");
            outcome = new Outcome(program.problem().target().scores());
        }

        Run next() {
            float[] features = {random.nextFloat(), random.nextFloat()};
            label = features[0] > features[1] == events < DRIFT ? 1 : 0;
            executor.step(row, features, new float[] {label}, 1, true, outcome);
            events++;
            return this;
        }

        Run untilDrift() {
            while (!next().outcome.drift) {
                assertThat(events).isLessThan(EVENTS);
            }
            return this;
        }

        float[] parameters() {
            return Arrays.copyOf(row, program.layout().start(Section.COUNTERS));
        }
    }

    @Test
    void alarmsWhereTheDetectorDoesOnThePredictionsErrors() {
        for (OnDrift.Watch watch : OnDrift.Watch.values()) {
            Run run = new Run(program(new OnDrift.Report(DETECTOR, watch)));
            DoublePredicate paper = Papers.hddmA(0.001);
            List<Integer> alarms = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();
            while (run.events < EVENTS) {
                run.next();
                if (run.outcome.drift) {
                    alarms.add(run.events);
                }
                boolean wrong = Target.highest(run.outcome.scores) != (int) run.label;
                double value = watch == OnDrift.Watch.ERROR ? (wrong ? 1 : 0) : 1 - Math.exp(-run.outcome.loss);
                if (paper.test(value)) {
                    expected.add(run.events);
                }
            }
            assertThat(alarms).as("%s", watch).isEqualTo(expected).isNotEmpty();
            assertThat(alarms.get(0)).isBetween(DRIFT, DRIFT + 100);
            assertThat(run.program.alarms(run.row)).isEqualTo(alarms.size());
        }
    }

    @Test
    void reportingChangesNothing() {
        Run watched = new Run(program(new OnDrift.Report(DETECTOR, null)));
        Run plain = new Run(model(0.1).compile(CLASSES));
        while (plain.events < EVENTS) {
            assertThat(watched.next().outcome.scores).isEqualTo(plain.next().outcome.scores);
        }
        assertThat(watched.parameters()).isEqualTo(plain.parameters());
    }

    @Test
    void resetModelIsTheInitialOneButForItsLabelAndAlarms() {
        Run run = new Run(program(new OnDrift.Reset(DETECTOR, null))).untilDrift();

        float[] fresh = run.program.initialRow("key");
        assertThat(run.parameters()).isEqualTo(Arrays.copyOf(fresh, run.parameters().length));
        assertThat(run.program.updates(run.row)).isZero();
        assertThat(run.program.lastLabel(run.row)).isEqualTo(run.label);
        assertThat(run.program.alarms(run.row)).isEqualTo(1);
        assertThat(run.row[run.program.saltAt()]).isEqualTo(fresh[run.program.saltAt()]);
        run.next();
        assertThat(run.outcome.version).isZero();
        assertThat(run.outcome.first).isFalse();
    }

    @Test
    void boostedStepsAreThoseOfAHigherRateForAsLongAsToldAndNoLonger() {
        Run run = new Run(program(new OnDrift.Boost(3, 20, DETECTOR, null))).untilDrift();
        JvmExecutor faster =
                new JvmExecutor(model(0.3).with(run.program.spec().onDrift()).compile(CLASSES));
        JvmExecutor usual = new JvmExecutor(
                model(0.1).with(new OnDrift.Report(DETECTOR, null)).compile(CLASSES));
        Outcome outcome = new Outcome(2);
        Random random = new Random(3);
        JvmExecutor boosted = new JvmExecutor(run.program);
        for (int i = 0; i < 40; i++) {
            float[] features = {random.nextFloat(), random.nextFloat()};
            float[] label = {i % 2};
            float[] before = run.row.clone();
            boosted.step(run.row, features, label, 1, true, outcome);
            float[] expected = before.clone();
            Arrays.fill(expected, run.program.layout().start(Section.COUNTERS), expected.length, 0);
            (i < 20 ? faster : usual).step(expected, features, label, 1, true, outcome);
            int parameters = run.program.layout().parameters();
            for (int p = 0; p < parameters; p++) {
                assertThat(run.row[p]).as("step %d, parameter %d", i, p).isCloseTo(expected[p], within(1e-6f));
            }
        }
    }

    private static Program auto(OnDrift onDrift) {
        return new ModelSpec(List.of(new Standardize(), new Dense(4), new Tanh()), null, new Auto(), 1)
                .with(onDrift)
                .compile(CLASSES);
    }

    /**
     * Where the members of a row differ from how they began: their parts end with the counters, of which only the first
     * has any.
     */
    private static float[] members(Program program, float[] row) {
        float[] members = row.clone();
        int counters = program.member().start(Section.COUNTERS);
        Arrays.fill(members, counters, program.member().width(), 0);
        return members;
    }

    @Test
    void resetBeginsAnewWithEveryLearnerOfAutoAndItsRateAndWeight() {
        Run run = new Run(auto(new OnDrift.Reset(DETECTOR, null)));
        float[] fresh = run.row.clone();
        while (run.events < DRIFT) {
            run.next();
        }
        assertThat(run.program.weights(run.row)).as("before").isNotEqualTo(run.program.weights(fresh));

        run.untilDrift();

        assertThat(members(run.program, run.row)).isEqualTo(members(run.program, fresh));
        assertThat(run.program.weights(run.row)).containsOnly(1 / 3.0);
        assertThat(run.program.updates(run.row)).isZero();
        assertThat(run.program.alarms(run.row)).isEqualTo(1);
        assertThat(run.program.lastLabel(run.row)).isEqualTo(run.label);
        run.next();
        assertThat(run.program.updates(run.row)).isEqualTo(1);
    }

    @Test
    void boostedStepIsThatOfEveryLearnerOfAutoSoManyTimesAndItsRateStays() {
        Run run = new Run(auto(new OnDrift.Boost(3, 20, DETECTOR, null))).untilDrift();
        JvmExecutor boosted = new JvmExecutor(run.program);
        JvmExecutor usual = new JvmExecutor(auto(new OnDrift.Report(DETECTOR, null)));
        int parameters = run.program.member().parameters();
        int width = run.program.member().width();
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            float[] features = {random.nextFloat(), random.nextFloat()};
            float[] before = run.row.clone();
            float[] plain = run.row.clone();
            boosted.step(run.row, features, new float[] {i % 2}, 1, true, run.outcome);
            usual.step(plain, features, new float[] {i % 2}, 1, true, new Outcome(2));
            for (int at = 0; at < run.row.length; at++) {
                boolean learns = at % width < parameters;
                float expected = learns ? before[at] + (i < 20 ? 3 : 1) * (plain[at] - before[at]) : plain[at];
                if (learns || at >= width || at < run.program.member().start(Section.COUNTERS)) {
                    assertThat(run.row[at]).as("step %d, at %d", i, at).isCloseTo(expected, within(2e-6f));
                }
            }
        }
    }

    @Test
    void refusesToWatchWhatIsNotThere() {
        ModelSpec errorsOfValues = model(0.1).with(new OnDrift.Report(DETECTOR, OnDrift.Watch.ERROR));
        assertThatThrownBy(() -> errorsOfValues.compile(VALUES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("on-drift: watch: error needs classes, and the label is a value: use loss");
        ModelSpec distances = model(0.1).with(new OnDrift.Report(new Eddm(0.9, 30), null));
        assertThat(distances.compile(CLASSES).lookout()).isNotNull();
        assertThatThrownBy(() -> distances.compile(VALUES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("on-drift: detector eddm needs right or wrong, and watches a loss: use adwin, hddm-a,"
                        + " page-hinkley or kswin");
    }
}
