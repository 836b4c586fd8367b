package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import io.millrace.models.Target;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Layer;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates per batch: the mean of what the events of one key would have done each by itself. */
class BatchStepsTest {
    private static final int BEFORE = 30;
    private static final int EVENTS = 12;

    static Stream<RandomCase> everyThirdCase() {
        return RandomCase.all().stream()
                .filter(each -> each.seed() % 3 == 1 && each.program().members() == 1);
    }

    /** Of SGD, whose step is linear in the gradient; in dropout, every sample of a batch draws for itself. */
    static Stream<RandomCase> linearCases() {
        return RandomCase.all().stream()
                .filter(each -> each.seed() % 2 == 0)
                .filter(each -> !each.program().stochastic())
                .map(each -> new RandomCase(each.seed(), linear(each.spec()), each.problem(), each.rounds()));
    }

    private static ModelSpec linear(ModelSpec spec) {
        return new ModelSpec(spec.layers(), spec.loss(), new Sgd(0.01), spec.seed());
    }

    private static List<Event> events(RandomCase each) {
        return each.rounds().stream()
                .flatMap(List::stream)
                .filter(event -> tame(event.features()))
                .limit(BEFORE + EVENTS)
                .toList();
    }

    private static boolean tame(float[] features) {
        for (float feature : features) {
            if (Math.abs(feature) > 1e6f) {
                return false;
            }
        }
        return true;
    }

    private static Outcome step(JvmExecutor executor, float[] row, Event event, int scores) {
        Outcome outcome = new Outcome(scores);
        executor.step(row, event.features(), event.label(), event.weight(), event.learn(), outcome);
        return outcome;
    }

    private static List<Outcome> together(Program program, float[] row, List<Event> events) {
        return together(program, row, events, Purpose.LEARN);
    }

    private static List<Outcome> together(Program program, float[] row, List<Event> events, Purpose learning) {
        String source = StepScript.of(program, Updates.PER_BATCH, learning);
        Batch batch = new Batch(program, events.size(), Updates.PER_BATCH);
        events.forEach(e -> batch.add(1, e.features(), e.label(), e.weight(), e.learn()));
        List<Outcome> outcomes = new ArrayList<>();
        try (DjlExecutor executor = new DjlExecutor(program, 2, Device.CPU, source, row.clone())) {
            executor.write(1, row);
            executor.step(batch);
            for (int sample = 0; sample < events.size(); sample++) {
                outcomes.add(new Outcome(program.problem().target().scores()));
                batch.outcome(sample, outcomes.get(sample));
            }
            executor.read(1, row);
        }
        return outcomes;
    }

    @ParameterizedTest
    @MethodSource("linearCases")
    void movesByTheMeanOfWhatEachEventWouldHaveDone(RandomCase each) {
        Program program = each.program();
        int scores = program.problem().target().scores();
        List<Event> events = events(each);
        JvmExecutor jvm = new JvmExecutor(program);
        float[] row = program.initialRow("key");
        events.subList(0, BEFORE).forEach(event -> step(jvm, row, event, scores));
        List<Event> batch = events.subList(BEFORE, BEFORE + EVENTS);
        List<float[]> apart = new ArrayList<>();
        List<Outcome> expected = new ArrayList<>();
        for (Event event : batch) {
            float[] own = row.clone();
            expected.add(step(jvm, own, event, scores));
            if (expected.get(expected.size() - 1).status == Status.LEARNT) {
                apart.add(own);
            }
        }
        assertThat(apart).hasSizeGreaterThan(3);
        float previous = program.lastLabel(row);
        float[] moved = row.clone();
        List<Outcome> outcomes = together(program, moved, batch);

        for (int i = 0; i < EVENTS; i++) {
            assertThat(outcomes.get(i).status).isEqualTo(expected.get(i).status);
            assertThat(outcomes.get(i).version).isEqualTo(expected.get(i).version);
            assertThat(outcomes.get(i).previousLabel).isEqualTo(previous);
            assertThat(outcomes.get(i).scores).containsExactly(expected.get(i).scores, within(1e-4f));
            if (batch.get(i).label().length > 0) {
                float[] labelled = row.clone();
                program.lastLabel(labelled, batch.get(i).label());
                previous = program.lastLabel(labelled);
            }
        }
        assertThat(program.lastLabel(moved)).isEqualTo(previous);
        assertThat(program.updates(moved)).isEqualTo(program.updates(row) + 1);
        for (Range range : program.layout().ranges()) {
            if (range.section() == Section.PARAMETERS || range.section() == Section.BUFFERS) {
                for (int i = 0; i < range.length(); i++) {
                    int at = program.layout().at(range) + i;
                    double value = folded(range.name(), apart, at);
                    assertThat((double) moved[at])
                            .as("%s[%s] of %s", range.name(), i, each)
                            .isCloseTo(value, within(1e-5 * Math.max(1, Math.abs(value))));
                }
            }
        }
    }

    /** With a rate of 1, so that rows differ by what gradients do. */
    @ParameterizedTest
    @MethodSource("linearCases")
    void autogradComesToTheSame(RandomCase each) {
        ModelSpec spec = each.spec();
        Program program = new ModelSpec(spec.layers(), spec.loss(), new Sgd(1), spec.seed()).compile(each.problem());
        List<Event> events = events(each);
        float[] start = program.initialRow("key");
        together(each.program(), start, events.subList(0, BEFORE));
        float[] row = start.clone();
        float[] other = start.clone();
        together(program, row, events.subList(BEFORE, BEFORE + EVENTS));
        together(program, other, events.subList(BEFORE, BEFORE + EVENTS), Purpose.AUTOGRAD);
        assertThat(row).isNotEqualTo(start);
        for (int at = 0; at < row.length; at++) {
            assertThat(row[at]).as("float %s of %s", at, each).isCloseTo(other[at], within(2e-6f * largest(row[at])));
        }
    }

    private static float largest(float value) {
        return Math.max(1, Math.abs(value));
    }

    private static double folded(String name, List<float[]> rows, int at) {
        var values = rows.stream().mapToDouble(row -> row[at]);
        boolean minMax = name.contains("min-max");
        if (minMax && name.endsWith("least")) {
            return values.min().orElseThrow();
        }
        return minMax ? values.max().orElseThrow() : values.average().orElseThrow();
    }

    /** Every optimizer, schedule and layer of the catalogue. */
    @ParameterizedTest
    @MethodSource("everyThirdCase")
    void batchesOfOneAreUpdatesPerEvent(RandomCase each) {
        Program program = each.program();
        List<Event> events = events(each);
        float[] one = program.initialRow("key");
        float[] other = one.clone();
        Batch alone = new Batch(program, 1);
        Batch single = new Batch(program, 1, Updates.PER_BATCH);
        try (DjlExecutor perEvent = new DjlExecutor(program, 1, Device.CPU);
                DjlExecutor perBatch = new DjlExecutor(program, 1, Device.CPU, Updates.PER_BATCH)) {
            perEvent.write(0, one);
            perBatch.write(0, other);
            for (Event e : events) {
                alone.clear();
                alone.add(0, e.features(), e.label(), e.weight(), e.learn());
                perEvent.step(alone);
                single.clear();
                single.add(0, e.features(), e.label(), e.weight(), e.learn());
                perBatch.step(single);
            }
            perEvent.read(0, one);
            perBatch.read(0, other);
        }
        for (int at = 0; at < one.length; at++) {
            assertThat(other[at])
                    .as("float %s of %s", at, each)
                    .isCloseTo(one[at], within(1e-5f * Math.max(1, Math.abs(one[at]))));
        }
    }

    private static Program program(Layer... layers) {
        return new ModelSpec(List.of(layers), new Squared(false), new Sgd(0.01), 1)
                .compile(new Problem(Inputs.numeric(2), new Target.Value()));
    }

    private static Event event(float x, float y, float label, boolean learn) {
        return new Event(0, new float[] {x, y}, new float[] {label}, 1, learn);
    }

    @Test
    void refusalOfOneSampleLeavesTheOthersTheirStep() {
        Program program = program(new Dense(4));
        List<Event> good = List.of(event(1, 2, 3, true), event(-1, 1, 2, true));
        float[] expected = program.initialRow("key");
        together(program, expected, good);

        float[] row = program.initialRow("key");
        List<Outcome> outcomes = together(
                program,
                row,
                List.of(
                        good.get(0),
                        event(1, 2, 1e30f, true), // its loss is infinite
                        event(3e38f, 3e38f, 1, true), // so are its scores
                        event(3e38f, 3e38f, 1, false),
                        good.get(1)));

        assertThat(outcomes)
                .extracting(outcome -> outcome.status)
                .containsExactly(
                        Status.LEARNT,
                        Status.REFUSED_STEP,
                        Status.REFUSED_SCORES,
                        Status.REFUSED_SCORES,
                        Status.LEARNT);
        assertThat(row).isEqualTo(expected);
    }

    @Test
    void aBatchOfWhichNothingCanBeLearntRemembersItsLabelAlone() {
        Program program = program(new Dense(4));
        float[] row = program.initialRow("key");
        List<Outcome> outcomes = together(program, row, List.of(event(1, 2, 1e30f, true), event(1, 1, 5, false)));

        assertThat(outcomes)
                .extracting(outcome -> outcome.status)
                .containsExactly(Status.REFUSED_STEP, Status.PREDICTED);
        float[] expected = program.initialRow("key");
        program.lastLabel(expected, new float[] {5});
        assertThat(row).isEqualTo(expected);
    }

    @Test
    void samplesOfABatchDropDifferentUnits() {
        Program program = program(new Dense(64), new Dropout(0.5));
        float[] row = program.initialRow("key");
        List<Event> same = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            same.add(event(1, 2, 3, true));
        }
        float[] one = row.clone();
        together(program, one, same.subList(0, 1));
        together(program, row, same);
        Range output = program.layout().ranges().stream()
                .filter(range -> range.name().equals("output.weight"))
                .findFirst()
                .orElseThrow();
        int at = program.layout().at(output);
        int alone = 0;
        int mixed = 0;
        for (int i = 0; i < output.length(); i++) {
            alone += one[at + i] == 0 ? 1 : 0;
            mixed += row[at + i] == 0 ? 1 : 0;
        }
        assertThat(alone).isBetween(16, 48); // half of the units are hidden from one sample,
        assertThat(mixed).isZero(); // and hardly one from all sixteen
    }

    @Test
    void aBatchBelongsToOneKey() {
        Batch batch = new Batch(program(), 2, Updates.PER_BATCH);
        batch.add(3, new float[] {1, 2}, new float[] {1}, 1, true);
        assertThatThrownBy(() -> batch.add(4, new float[] {1, 2}, new float[] {1}, 1, true))
                .hasMessage("slot=4 must be the batch's own slot 3");
    }
}
