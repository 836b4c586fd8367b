package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.layer.Dense;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import java.util.Arrays;
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
        descent.begin(row, 1, 0, 100);
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
        moves(new Regularization(5.0, null, 0, null), 0.7f, 1.4f); // (3, -4)
        moves(new Regularization(10.0, null, 0, null), 0.4f, 1.8f); // just as long
    }

    @Test
    void largeComponentsAreCutToTheValue() {
        moves(new Regularization(null, 7.0, 0, null), 0.4f, 1.7f); // (6, -7)
    }

    @Test
    void parametersDecayBesideTheClippedGradient() {
        moves(new Regularization(5.0, 3.5, 2, null), 0.5f, 1.15f); // (3 + 2, -3.5 + 2)
    }

    @Test
    void incomingWeightsAreScaledToTheNorm() {
        Regularization regularization = new Regularization(null, null, 0, 2.5);
        for (int inputs : new int[] {2, 4}) { // a unit's weights are a column of [2, 3], a row of [3, 4]
            Layout.Builder builder = new Layout.Builder(1);
            new Dense(3).compile(new Site(builder, "it", Shape.of(inputs)));
            Range other = builder.add(Section.PARAMETERS, "other", Initializer.ONES, 1, 7);
            Layout layout = builder.build(List.of());
            float[] row = layout.initialRow();
            Arrays.fill(row, 0);
            int unit = inputs == 2 ? 1 : inputs; // from one unit to the next
            int input = inputs == 2 ? 3 : 1; // from one input to the next
            row[0] = 3;
            row[input] = 4; // norm 5
            row[unit] = -1.5f;
            row[unit + input] = 2; // norm 2.5
            row[layout.at(other)] = 9; // is no weight
            float[] expected = row.clone();
            expected[0] = 1.5f;
            expected[input] = 2;
            regularization.descent(new Sgd(0.1), layout).end(row);
            assertThat(row).containsExactly(expected, within(1e-6f));
        }
    }

    @Test
    void settingsMustBePositive() {
        assertThatThrownBy(() -> new Regularization(null, null, 0, 0.0)).hasMessage("max-norm=0.0 must be > 0");
        assertThatThrownBy(() -> new Regularization(0.0, null, 0, null)).hasMessage("clip-norm=0.0 must be > 0");
        assertThatThrownBy(() -> new Regularization(null, null, -1, null)).hasMessage("l2=-1.0 must be >= 0");
    }
}
