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
            return kernel.loss(row, outputs, label, delta);
        }

        float[] scores(float... outputs) {
            float[] scores = new float[target.scores()];
            kernel.scores(row, outputs, scores);
            return scores;
        }
    }

    private record Case(Loss loss, Target target, float label, float... outputs) {}

    static List<Case> cases() {
        return List.of(
                new Case(new CrossEntropy(), TWO, 1, 0.3f),
                new Case(new CrossEntropy(), TWO, 0, -2.5f),
                new Case(new CrossEntropy(), THREE, 2, 0.3f, -1, 1.5f),
                new Case(new Squared(false), VALUE, 2, 0.5f),
                new Case(new Squared(true), VALUE, 2, 0.5f),
                new Case(new Huber(1, false), VALUE, 2, 1.5f),
                new Case(new Huber(1, false), VALUE, 2, 5.5f),
                new Case(new Huber(0.5, true), VALUE, 2, -3));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientMatchesFiniteDifferences(Case each) {
        Stand stand = new Stand(each.loss, each.target);
        stand.loss(each.label > 1 ? 0 : 1, each.outputs);
        stand.kernel.update(stand.row); // so that a standardized label has a deviation
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
    void lossesAreRefusedForTheOtherKindOfTarget() {
        assertThatThrownBy(() -> new Stand(new CrossEntropy(), VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cross-entropy needs classes");
        assertThatThrownBy(() -> new Stand(new Squared(), TWO)).hasMessageContaining("squared needs a value");
        assertThatThrownBy(() -> new Stand(new Huber(1, true), THREE)).hasMessageContaining("huber needs a value");
    }
}
