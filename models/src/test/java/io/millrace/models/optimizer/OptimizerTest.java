package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import org.junit.jupiter.api.Test;

/** One parameter that starts at 1, moved by hand and by each optimizer. */
class OptimizerTest {
    private static final float CLOSE = 1e-6f;

    /** Where the parameter stands after each gradient. */
    private static float[] path(Optimizer optimizer, float... gradients) {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "it", Initializer.ONES, 1);
        Layout layout = builder.build(optimizer.slots());
        Descent descent = optimizer.descent(layout);
        float[] row = layout.initialRow();
        float[] path = new float[gradients.length];
        for (int update = 1; update <= gradients.length; update++) {
            descent.begin(update);
            descent.step(row, 0, 1, new float[] {Float.NaN, gradients[update - 1] / 2}, 1, 2);
            path[update - 1] = row[0];
        }
        return path;
    }

    @Test
    void sgdMovesByRateTimesGradient() {
        assertThat(path(new Sgd(0.1), 1, -2)).containsExactly(new float[] {0.9f, 1.1f}, within(CLOSE));
    }

    @Test
    void momentumGathersVelocity() {
        // velocity 1, 1.9, 0.71
        assertThat(path(new Momentum(0.1, 0.9), 1, 1, -1))
                .containsExactly(new float[] {0.9f, 0.71f, 0.639f}, within(CLOSE));
    }

    @Test
    void adamFollowsAlgorithmOne() {
        // mean .05, square .00025: corrected .5 and .25; then mean -.055 / .19 and square .00124975 / .001999
        assertThat(path(new Adam(0.1), 0.5f, -1)).containsExactly(new float[] {0.9f, 0.93661f}, within(2e-6f));
    }

    @Test
    void adamsFirstStepIsTheRateWhateverTheScale() {
        assertThat(path(new Adam(0.1), 1e-4f)[0]).isCloseTo(0.9f, within(1e-4f));
        assertThat(path(new Adam(0.1), 1e6f)[0]).isCloseTo(0.9f, within(CLOSE));
    }
}
