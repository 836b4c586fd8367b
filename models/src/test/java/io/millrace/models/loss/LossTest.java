package io.millrace.models.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses on small numbers, and their gradients against central differences. */
class LossTest {
    private static final Target VALUE = new Target.Value();
    private static final Target TWO = new Target.Classes(List.of("no", "yes"));
    private static final Target THREE = new Target.Classes(List.of("red", "green", "blue"));
    private static final Target SOFT_TWO = new Target.Distribution(List.of("no", "yes"));
    private static final Target SOFT_THREE = new Target.Distribution(List.of("red", "green", "blue"));

    /** A loss over one row. */
    private static final class Stand {
        private final Head head;
        private final HeadKernel kernel;
        private final float[] row;
        private final float[] delta;
        private final Target target;

        Stand(Loss loss, Target target) {
            Layout.Builder builder = new Layout.Builder(1);
            head = loss.compile(target, new Site(builder, "loss", Shape.of(1)));
            Layout layout = builder.build(List.of());
            kernel = head.kernel(layout);
            row = layout.initialRow();
            delta = new float[head.outputs()];
            this.target = target;
        }

        double loss(float label, float... outputs) {
            return loss(new float[] {label}, outputs);
        }

        double loss(float[] label, float... outputs) {
            return kernel.loss(row, outputs, label, delta);
        }

        float[] scores(float... outputs) {
            float[] scores = new float[target.scores()];
            kernel.scores(row, outputs, scores);
            return scores;
        }
    }

    private record Case(Loss loss, Target target, float[] label, float... outputs) {
        Case(Loss loss, Target target, float label, float... outputs) {
            this(loss, target, new float[] {label}, outputs);
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(new CrossEntropy(), TWO, 1, 0.3f),
                new Case(new CrossEntropy(), TWO, 0, -2.5f),
                new Case(new CrossEntropy(), THREE, 2, 0.3f, -1, 1.5f),
                new Case(new CrossEntropy(0.2), TWO, 1, 0.3f),
                new Case(new CrossEntropy(0.2), THREE, 1, 0.3f, -1, 1.5f),
                new Case(new CrossEntropy(), SOFT_TWO, new float[] {0.25f, 0.75f}, 0.3f),
                new Case(new CrossEntropy(0.2), SOFT_THREE, new float[] {0.25f, 0, 0.75f}, 0.3f, -1, 1.5f),
                new Case(new KlDivergence(), THREE, 2, 0.3f, -1, 1.5f),
                new Case(new KlDivergence(), SOFT_TWO, new float[] {1, 0}, 0.3f),
                new Case(new KlDivergence(), SOFT_THREE, new float[] {0.25f, 0, 0.75f}, 0.3f, -1, 1.5f),
                new Case(new Hinge(), TWO, 1, 0.3f),
                new Case(new Hinge(), TWO, 1, 1.3f),
                new Case(new Hinge(), THREE, 0, 0.3f, -2, -0.5f),
                new Case(new Quantile(0.9, false), VALUE, 2, 0.5f),
                new Case(new Quantile(0.9, true), VALUE, 2, 3),
                new Case(new Poisson(), VALUE, 3, 0.5f),
                new Case(new Poisson(), VALUE, 0, -0.5f),
                new Case(new Squared(false), VALUE, 2, 0.5f),
                new Case(new Squared(true), VALUE, 2, 0.5f),
                new Case(new Huber(1, false), VALUE, 2, 1.5f),
                new Case(new Huber(1, false), VALUE, 2, 5.5f),
                new Case(new Huber(0.5, true), VALUE, 2, -3));
    }

    @Test
    void coversTheCatalogue() {
        assertThat(cases().stream().<Class<?>>map(each -> each.loss.getClass()))
                .contains(Loss.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientMatchesFiniteDifferences(Case each) {
        Stand stand = new Stand(each.loss, each.target);
        if (each.target == VALUE) { // so that a standardized label has a deviation
            stand.loss(each.label[0] - 1.5f, each.outputs);
            stand.kernel.update(stand.row);
        }
        stand.loss(each.label, each.outputs);
        float[] gradient = stand.delta.clone();
        for (int i = 0; i < gradient.length; i++) {
            float[] outputs = each.outputs.clone();
            outputs[i] += 0.01f;
            double above = stand.loss(each.label, outputs);
            outputs[i] -= 0.02f;
            double below = stand.loss(each.label, outputs);
            assertThat((double) gradient[i]).isCloseTo((above - below) / 0.02, within(1e-3));
        }
    }

    @Test
    void crossEntropyOfAnUndecidedModelIsTheLogarithmOfTheClasses() {
        assertThat(new Stand(new CrossEntropy(), TWO).loss(1, 0)).isCloseTo(Math.log(2), within(1e-9));
        assertThat(new Stand(new CrossEntropy(), THREE).loss(1, 0, 0, 0)).isCloseTo(Math.log(3), within(1e-9));
    }

    @Test
    void probabilitiesSumToOne() {
        assertThat(new Stand(new CrossEntropy(), TWO).scores((float) Math.log(3)))
                .containsExactly(new float[] {0.25f, 0.75f}, within(1e-6f));
        assertThat(new Stand(new CrossEntropy(), THREE).scores((float) Math.log(2), 0, 0))
                .containsExactly(new float[] {0.5f, 0.25f, 0.25f}, within(1e-6f));
    }

    @Test
    void crossEntropyStaysFiniteForHugeLogits() {
        assertThat(new Stand(new CrossEntropy(), TWO).loss(0, 1e6f)).isEqualTo(1e6);
        assertThat(new Stand(new CrossEntropy(), TWO).loss(1, 1e6f)).isZero();
        assertThat(new Stand(new CrossEntropy(), THREE).loss(0, -1e6f, 1e6f, 0)).isEqualTo(2e6);
        assertThat(new Stand(new CrossEntropy(), THREE).scores(-1e6f, 1e6f, 0)).containsExactly(0, 1, 0);
    }

    @Test
    void squaredIsHalfTheSquare() {
        Stand squared = new Stand(new Squared(false), VALUE);
        assertThat(squared.loss(1, 4)).isEqualTo(4.5);
        assertThat(squared.delta).containsExactly(3);
    }

    @Test
    void huberTurnsLinearAtDelta() {
        Stand huber = new Stand(new Huber(1, false), VALUE);
        assertThat(huber.loss(0, 0.5f)).isEqualTo(0.125);
        assertThat(huber.delta).containsExactly(0.5f);
        assertThat(huber.loss(0, -3)).isEqualTo(2.5);
        assertThat(huber.delta).containsExactly(-1);
    }

    @Test
    void standardizedLabelIsScaledBackByTheLabelsLearntSoFar() {
        Stand squared = new Stand(new Squared(true), VALUE);
        assertThat(squared.scores(0.5f)).containsExactly(0.5f);
        for (float label : new float[] {1, 3, 8}) {
            squared.loss(label, 0);
            squared.kernel.update(squared.row);
        }
        assertThat(squared.scores(0)).containsExactly(4); // the mean
        assertThat(squared.scores(1)[0]).isCloseTo(4 + 2.94392f, within(1e-5f)); // plus a deviation, root of 26/3
    }

    @Test
    void labelTooLargeToSquareHasNoLoss() {
        assertThat(new Stand(new Squared(true), VALUE).loss(1e30f, 0)).isNaN();
        assertThat(new Stand(new Huber(1, true), VALUE).loss(-1e30f, 0)).isNaN();
    }

    @Test
    void smoothedLabelIsSharedWithTheOtherClasses() {
        double ln2 = Math.log(2);
        Stand three = new Stand(new CrossEntropy(0.3), THREE); // probabilities .5, .25, .25 of .8, .1, .1
        assertThat(three.loss(0, (float) ln2, 0, 0)).isCloseTo(0.8 * ln2 + 0.2 * 2 * ln2, within(1e-6));
        assertThat(three.delta).containsExactly(new float[] {-0.3f, 0.15f, 0.15f}, within(1e-6f));
        Stand two = new Stand(new CrossEntropy(0.2), TWO); // probability .75 of .9
        double expected = -0.9 * Math.log(0.75) - 0.1 * Math.log(0.25);
        assertThat(two.loss(1, (float) Math.log(3))).isCloseTo(expected, within(1e-6));
        assertThat(two.delta).containsExactly(new float[] {-0.15f}, within(1e-6f));
    }

    @Test
    void softLabelIsAnExpectation() {
        double ln2 = Math.log(2);
        Stand three = new Stand(new CrossEntropy(), SOFT_THREE); // probabilities .5, .25, .25
        assertThat(three.loss(new float[] {0.25f, 0.75f, 0}, (float) ln2, 0, 0))
                .isCloseTo(0.25 * ln2 + 0.75 * 2 * ln2, within(1e-6));
        assertThat(three.delta).containsExactly(new float[] {0.25f, -0.5f, 0.25f}, within(1e-6f));
        Stand two = new Stand(new CrossEntropy(), SOFT_TWO); // probability .75 of .5
        assertThat(two.loss(new float[] {0.5f, 0.5f}, (float) Math.log(3)))
                .isCloseTo(-0.5 * Math.log(0.75) - 0.5 * Math.log(0.25), within(1e-6));
        assertThat(two.delta).containsExactly(new float[] {0.25f}, within(1e-6f));
    }

    @Test
    void softLabelThatIsSureIsAClass() {
        float[] outputs = {0.3f, -1, 1.5f};
        assertThat(new Stand(new CrossEntropy(0.1), SOFT_THREE).loss(new float[] {0, 0, 1}, outputs))
                .isEqualTo(new Stand(new CrossEntropy(0.1), THREE).loss(2, outputs));
    }

    @Test
    void divergenceIsWhatCrossEntropyHasBeyondTheLabelsOwn() {
        double ln2 = Math.log(2);
        Stand three = new Stand(new KlDivergence(), SOFT_THREE); // probabilities .5, .25, .25
        assertThat(three.loss(new float[] {0.5f, 0.25f, 0.25f}, (float) ln2, 0, 0))
                .isCloseTo(0, within(1e-6));
        assertThat(three.delta).containsExactly(new float[3], within(1e-6f));
        assertThat(three.loss(new float[] {0.25f, 0.75f, 0}, (float) ln2, 0, 0)) // .25 ln(1/2) + .75 ln 3
                .isCloseTo(-0.25 * ln2 + 0.75 * Math.log(3), within(1e-6));
        assertThat(three.delta).containsExactly(new float[] {0.25f, -0.5f, 0.25f}, within(1e-6f));
        assertThat(new Stand(new KlDivergence(), TWO).loss(1, 0)).isCloseTo(ln2, within(1e-9));
    }

    @Test
    void hingeIsWhatIsMissingOfTheMargins() {
        Stand two = new Stand(new Hinge(), TWO);
        assertThat(two.loss(1, 0.25f)).isEqualTo(0.75);
        assertThat(two.delta).containsExactly(-1);
        assertThat(two.loss(0, 0.25f)).isEqualTo(1.25);
        assertThat(two.delta).containsExactly(1);
        assertThat(two.loss(1, 1)).isZero();
        assertThat(two.delta).containsExactly(0);
        Stand three = new Stand(new Hinge(), THREE);
        assertThat(three.loss(2, -2, 0.5f, 0.25f)).isEqualTo(1.5 + 0.75);
        assertThat(three.delta).containsExactly(0, 1, -1);
        assertThat(three.scores((float) Math.log(2), 0, 0))
                .containsExactly(new float[] {0.5f, 0.25f, 0.25f}, within(1e-6f));
    }

    @Test
    void quantileWeighsBothSidesDifferently() {
        Stand quantile = new Stand(new Quantile(0.9, false), VALUE);
        assertThat(quantile.loss(5, 3)).isCloseTo(1.8, within(1e-6));
        assertThat(quantile.delta).containsExactly(-0.9f);
        assertThat(quantile.loss(3, 5)).isCloseTo(0.2, within(1e-6));
        assertThat(quantile.delta).containsExactly(new float[] {0.1f}, within(1e-7f));
    }

    @Test
    void poissonIsHalfTheDeviance() {
        Stand poisson = new Stand(new Poisson(), VALUE);
        assertThat(poisson.loss(1, 0)).isZero();
        assertThat(poisson.loss(4, 0)).isCloseTo(4 * Math.log(4) - 3, within(1e-9)); // y log(y / mean) - (y - mean)
        assertThat(poisson.delta).containsExactly(-3);
        assertThat(poisson.loss(0, 0)).isEqualTo(1);
        assertThat(poisson.loss(-1, 0)).isNaN();
        assertThat(poisson.scores((float) Math.log(7))[0]).isCloseTo(7, within(1e-5f));
    }

    @Test
    void lossesAreRefusedForTheOtherKindOfTarget() {
        assertThatThrownBy(() -> new Stand(new CrossEntropy(), VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cross-entropy needs classes");
        assertThatThrownBy(() -> new Stand(new KlDivergence(), VALUE))
                .hasMessageContaining("kl-divergence needs classes");
        assertThatThrownBy(() -> new Stand(new Hinge(), SOFT_TWO)).hasMessageContaining("hinge needs one class");
        assertThatThrownBy(() -> new Stand(new Hinge(), VALUE)).hasMessageContaining("hinge needs classes");
        assertThatThrownBy(() -> new Stand(new Poisson(), TWO)).hasMessageContaining("poisson needs a value");
        assertThatThrownBy(() -> new Stand(new Squared(), TWO)).hasMessageContaining("squared needs a value");
        assertThatThrownBy(() -> new Stand(new Huber(1, true), THREE)).hasMessageContaining("huber needs a value");
    }
}
