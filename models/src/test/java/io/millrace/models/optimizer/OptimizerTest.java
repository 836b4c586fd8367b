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

    @Test
    void nesterovLooksAheadAlongItsVelocity() {
        // velocity 1, 1.9, 0.71; moved by .1 times 1 + .9, 1 + 1.71, -1 + .639
        assertThat(path(new Nesterov(0.1, 0.9), 1, 1, -1))
                .containsExactly(new float[] {0.81f, 0.539f, 0.5751f}, within(CLOSE));
    }

    @Test
    void adagradDividesByTheRootOfAllSquares() {
        // sums 9 and 25
        assertThat(path(new Adagrad(0.1, 1e-10), 3, -4)).containsExactly(new float[] {0.9f, 0.98f}, within(CLOSE));
    }

    @Test
    void rmsPropDividesByTheRunningRootMeanSquare() {
        // mean squares 1 and .75 + .25
        assertThat(path(new RmsProp(0.1, 0.75, 1e-8), 2, -1)).containsExactly(new float[] {0.8f, 0.9f}, within(CLOSE));
    }

    @Test
    void adadeltaFollowsAlgorithmOne() {
        // mean squares .5 and .75; steps sqrt(.01 / .51) and -sqrt((.0098039 + .01) / .76)
        assertThat(path(new Adadelta(1, 0.5, 0.01), 1, -1))
                .containsExactly(new float[] {0.859972f, 1.021396f}, within(CLOSE));
    }

    @Test
    void adamWShrinksTheParameterBesideAdamsStep() {
        // .95 - .1, then .8075 + .03661
        assertThat(path(new AdamW(0.1, 0.5, 0.9, 0.999, 1e-8), 0.5f, -1))
                .containsExactly(new float[] {0.85f, 0.84411f}, within(2e-6f));
    }

    @Test
    void nadamLooksAheadAlongItsMean() {
        // (.9 * .05 / .19 + .1 * .5 / .1) / .5 = 1.473684 times .1
        assertThat(path(new Nadam(0.1, 0.9, 0.999, 1e-8), 0.5f, -1))
                .containsExactly(new float[] {0.852632f, 0.942297f}, within(2e-6f));
    }

    @Test
    void amsGradRemembersTheLargestMeanSquare() {
        // largest .001 twice, though the mean square falls to .000999; mean .09 / .19
        assertThat(path(new AmsGrad(0.1, 0.9, 0.999, 1e-8), 1, 0))
                .containsExactly(new float[] {0.9f, 0.833028f}, within(2e-6f));
    }

    @Test
    void ftrlStartsFromTheInitialParameterAndFollowsAlgorithmOne() {
        // z -2, then -2 + 1 - 2 * 1 = -3 over (1 + 1) / .5; then n 5, z -3 - 2 - 2.472136 * .75 over 6.472136
        assertThat(path(new Ftrl(0.5, 0, 0, 1), 1, -2)).containsExactly(new float[] {0.75f, 1.059017f}, within(CLOSE));
    }

    @Test
    void cocobFollowsAlgorithmTwo() {
        // bets 2 / (2 * 4) of 2 downwards; then loses all of it, and bets 2 / (4 * 10) of 4 upwards; then wins .2 * 1
        assertThat(path(new Cocob(1), 2, -4, -1))
                .containsExactly(new float[] {0.5f, 1.2f, 1 + 3 / 44f * 4.2f}, within(CLOSE));
        assertThat(path(new Cocob(100), -7)[0]).isCloseTo(1.01f, within(CLOSE)); // whatever the scale
    }

    @Test
    void cocobStartsWhereTheFirstGradientFindsIt() {
        assertThat(path(new Cocob(1), 0, 0, 2)).containsExactly(new float[] {1, 1, 0.5f}, within(CLOSE));
    }

    @Test
    void ftrlMakesParametersExactlyZero() {
        float[] path = path(new Ftrl(0.5, 4, 0, 1), 1, 1, 1, 1, 1, 1);
        assertThat(path[4]).isCloseTo(0.038705f, within(2e-6f));
        assertThat(path[5]).isZero();
        assertThat(path(new Ftrl(0.5, 4, 0, 1), 0)[0]).isCloseTo(1, within(CLOSE)); // no gradient yet
    }
}
