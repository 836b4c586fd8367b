package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Outcome.Status;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Transfer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Learners side by side, against the same learners alone. */
class AutoTest {
    private static final List<Layer> LAYERS = List.of(new Standardize(), new Dense(5), new Dropout(0.1), new Tanh());
    private static final Problem CLASSES = new Problem(Inputs.numeric(2), new Target.Classes(List.of("no", "yes")));
    private static final Problem VALUE = new Problem(Inputs.numeric(2), new Target.Value());

    private final Program auto = program(new Auto(2), CLASSES);

    private static Program program(Optimizer optimizer, Problem problem) {
        return new ModelSpec(LAYERS, null, optimizer, 1).compile(problem);
    }

    private static Program plain(Optimizer optimizer) {
        return new ModelSpec(List.of(new Dense(1)), null, optimizer, 1).compile(VALUE);
    }

    /** Learns some events of a noisy class; returns what came of the last. */
    private static Outcome learn(Program program, float[] row, int events) {
        JvmExecutor executor = new JvmExecutor(program);
        Outcome outcome = new Outcome(program.problem().target().scores());
        Random random = new Random(1);
        for (int event = 0; event < events; event++) {
            float[] features = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            boolean yes = features[0] + 0.5 * random.nextGaussian() > 0;
            executor.step(row, features, new float[] {yes ? 1 : 0}, 1, true, outcome);
            assertThat(outcome.status).isEqualTo(Status.LEARNT);
        }
        return outcome;
    }

    private static float[] part(Program program, float[] row, int member) {
        int width = program.member().width();
        return Arrays.copyOfRange(row, member * width, (member + 1) * width);
    }

    private static void set(Program program, float[] row, int member, String name, float value) {
        Range range = program.member().find(name).orElseThrow();
        int at = program.member().from(member * program.member().width()).at(range);
        Arrays.fill(row, at, at + range.length(), value);
    }

    private static float[] parameters(Layout layout, float[] row) {
        return Arrays.copyOf(row, layout.parameters());
    }

    @Test
    void everyMemberLearnsAsItWouldAlone() {
        Program adam = program(new Adam(0.003), CLASSES);
        Program sgd = program(new Sgd(0.1), CLASSES);
        float[] both = auto.initialRow("key");
        float[] first = adam.initialRow("key");
        float[] second = sgd.initialRow("key");
        learn(auto, both, 400);
        learn(adam, first, 400);
        learn(sgd, second, 400);
        assertThat(parameters(auto.member(), part(auto, both, 0)))
                .containsExactly(parameters(adam.layout(), first), within(1e-5f));
        assertThat(parameters(auto.member(), part(auto, both, 1)))
                .containsExactly(parameters(sgd.layout(), second), within(1e-5f));
        assertThat(auto.updates(both)).isEqualTo(400);
    }

    @Test
    void predictsWithTheWeightedOutputsOfItsMembers() {
        float[] row = auto.initialRow("key");
        learn(auto, row, 400);
        double logOdds = 0;
        double[] weights = auto.weights(row);
        for (int member = 0; member < 2; member++) {
            float[] scores = predict(program(new Sgd(1), CLASSES), part(auto, row, member), 0.7f);
            logOdds += weights[member] * Math.log(scores[1] / scores[0]);
        }
        assertThat(weights[0] + weights[1]).isEqualTo(1, within(1e-12));
        assertThat(weights[0]).isBetween(0.001, 0.999);
        assertThat(predict(auto, row, 0.7f)[1]).isCloseTo((float) (1 / (1 + Math.exp(-logOdds))), within(1e-5f));
    }

    /** What a row says of a sample; a part of a row is a row of a model alone, but for its slots and statistics. */
    private static float[] predict(Program program, float[] row, float feature) {
        float[] own = row;
        if (program.members() == 1) {
            own = Transfer.of(program(new Auto(2), CLASSES).member().describe(), program.layout())
                    .apply(row);
        }
        Outcome outcome = new Outcome(2);
        new JvmExecutor(program).step(own, new float[] {feature, 0.1f}, new float[0], 1, false, outcome);
        return outcome.scores;
    }

    @Test
    void aKeysReplayTouchesNoOtherKey() {
        Program program = program(new Auto(), CLASSES);
        JvmExecutor shared = new JvmExecutor(program);
        JvmExecutor own = new JvmExecutor(program);
        float[] beside = program.initialRow("a");
        float[] other = program.initialRow("b");
        float[] alone = program.initialRow("a");
        Random random = new Random(2);
        Outcome outcome = new Outcome(2);
        for (int event = 0; event < 1_200; event++) { // more than two reviews
            float[] features = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            float[] label = {features[0] > 0 ? 1 : 0};
            shared.step(beside, features, label, 1, true, outcome);
            shared.step(other, new float[] {features[1], 3}, new float[] {1 - label[0]}, 1, true, outcome);
            own.step(alone, features, label, 1, true, outcome);
        }
        assertThat(beside).isEqualTo(alone);
        assertThat(other).isNotEqualTo(alone);
    }

    @Test
    void aMemberThatOverflowsHasNoSayAndBeginsAnew() {
        Program program = plain(new Auto());
        float[] row = program.initialRow("key");
        float[] sound = program.initialRow("key");
        set(program, row, 0, "output.bias", Float.POSITIVE_INFINITY);
        Outcome outcome = new Outcome(1);
        Outcome expected = new Outcome(1);
        float[] features = {1, 2};
        new JvmExecutor(program).step(row, features, new float[] {3}, 1, true, outcome);
        new JvmExecutor(program).step(sound, features, new float[] {3}, 1, true, expected);
        assertThat(outcome.status).isEqualTo(Status.LEARNT);
        assertThat(outcome.scores).isEqualTo(expected.scores);
        assertThat(part(program, row, 1)).isEqualTo(part(program, sound, 1));
        assertThat(parameters(program.member(), part(program, row, 0)))
                .isEqualTo(parameters(program.member(), part(program, row, 1)));
        assertThat(program.updates(row)).isEqualTo(1);
    }

    @Test
    void anEventThatNoMemberCanLearnIsRefusedAndChangesNothing() {
        Program program = plain(new Auto());
        float[] row = program.initialRow("key");
        float[] before = row.clone();
        Outcome outcome = new Outcome(1);
        new JvmExecutor(program).step(row, new float[] {1, 2}, new float[] {1e30f}, 1, true, outcome);
        assertThat(outcome.status).isEqualTo(Status.REFUSED_STEP);
        program.lastLabel(before, new float[] {1e30f});
        assertThat(row).isEqualTo(before);
    }

    @Test
    void aMixtureLosesAtMostWhatItsMembersLoseInTheMean() {
        float[] row = auto.initialRow("key");
        learn(auto, row, 300);
        double[] weights = auto.weights(row);
        double most = 0;
        for (int member = 0; member < 2; member++) {
            most -= weights[member] * Math.log(predict(program(new Sgd(1), CLASSES), part(auto, row, member), 0.4f)[1]);
        }
        assertThat(-Math.log(predict(auto, row, 0.4f)[1])).isLessThanOrEqualTo(most + 1e-6);
    }

    @Test
    void aModelAloneBecomesEveryMember() {
        Program adam = program(new Adam(0.003), CLASSES);
        float[] alone = adam.initialRow("key");
        learn(adam, alone, 50);
        float[] row = Transfer.of(adam.layout().describe(), auto.layout()).apply(alone);
        for (int member = 0; member < 2; member++) {
            assertThat(parameters(auto.member(), part(auto, row, member))).isEqualTo(parameters(adam.layout(), alone));
            int mean = auto.member().slot(0);
            assertThat(part(auto, row, member)[mean])
                    .isEqualTo(alone[adam.layout().slot(0)]);
        }
        assertThat(auto.updates(row)).isEqualTo(50);
        assertThat(part(auto, row, 1)[
                        auto.member().at(auto.member().find(Auto.MEMORY).orElseThrow())])
                .isEqualTo(0.1f);
    }

    @Test
    void aTransferToTheSameLayoutIsTheSameRow() {
        float[] row = auto.initialRow("key");
        learn(auto, row, 50);
        assertThat(Transfer.of(auto.layout().describe(), auto.layout()).apply(row))
                .isEqualTo(row);
    }

    @Test
    void aPriorGivesAllMembersAndTheirRates() {
        float[] prior = auto.initialRow("prior");
        learn(auto, prior, 50);
        float[] row = auto.rowFrom(prior, "key");
        for (int member = 0; member < 2; member++) {
            int counters = auto.member().start(Section.COUNTERS);
            assertThat(Arrays.copyOf(part(auto, row, member), counters))
                    .isEqualTo(Arrays.copyOf(part(auto, prior, member), counters));
        }
        assertThat(auto.updates(row)).isZero();
    }
}
