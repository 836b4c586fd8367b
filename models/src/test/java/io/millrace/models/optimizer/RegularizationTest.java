package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two parameters that start at 1, moved once along the gradient (6, -8) at a rate of 0.1. */
class RegularizationTest {
    private static float[] moved(Regularization regularization) {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "it", Initializer.ONES, 2);
        Layout layout = builder.build(List.of());
        float[] row = layout.initialRow();
        Descent descent = regularization.descent(new Sgd(0.1), layout);
        descent.begin(1, 100);
        descent.step(row, 0, 2, new float[] {3, -4}, 0, 2);
        return new float[] {row[0], row[1]};
    }

    private static void moves(Regularization regularization, float first, float second) {
        assertThat(moved(regularization)).containsExactly(new float[] {first, second}, within(1e-6f));
    }

    @Test
    void noneLeavesTheGradientAsItIs() {
        moves(Regularization.NONE, 0.4f, 1.8f);
    }

    @Test
    void longGradientIsScaledToTheNorm() {
        moves(new Regularization(5.0, null, 0), 0.7f, 1.4f); // (3, -4)
        moves(new Regularization(10.0, null, 0), 0.4f, 1.8f); // just as long
    }

    @Test
    void largeComponentsAreCutToTheValue() {
        moves(new Regularization(null, 7.0, 0), 0.4f, 1.7f); // (6, -7)
    }

    @Test
    void parametersDecayBesideTheClippedGradient() {
        moves(new Regularization(5.0, 3.5, 2), 0.5f, 1.15f); // (3 + 2, -3.5 + 2)
    }

    @Test
    void settingsMustBePositive() {
        assertThatThrownBy(() -> new Regularization(0.0, null, 0)).hasMessage("clip-norm=0.0 must be > 0");
        assertThatThrownBy(() -> new Regularization(null, null, -1)).hasMessage("l2=-1.0 must be >= 0");
    }
}
