package io.millrace.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Normalizers on samples that were worked out by hand. */
class NormalizersTest {
    private static final Descent NONE = new Descent() {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {}
    };

    /** A layer over one row. */
    private static final class Stand {
        private final Kernel kernel;
        private final float[] row;
        private final int width;

        Stand(Layer layer, int width) {
            this(layer, Shape.features(width, width));
        }

        Stand(Layer layer, Shape input) {
            Layout.Builder builder = new Layout.Builder(1);
            Stage stage = layer.compile(new Site(builder, "it", input));
            Layout layout = builder.build(List.of());
            kernel = stage.kernel(layout);
            row = layout.initialRow();
            width = input.width();
        }

        float[] show(float... input) {
            float[] output = new float[width];
            kernel.forward(row, input, output);
            return output;
        }

        float[] learn(float... input) {
            float[] output = show(input);
            kernel.update(row, input, new float[width], NONE);
            return output;
        }
    }

    @Test
    void standardizeScoresAgainstEverythingSeenAndTheSampleItself() {
        Stand standardize = new Stand(new Standardize(), 1);
        assertThat(standardize.learn(1)).containsExactly(0); // mean 1, variance 0
        assertThat(standardize.learn(3)).containsExactly(1); // mean 2, variance 1
        assertThat(standardize.learn(8)[0]).isCloseTo(1.35873f, within(1e-5f)); // mean 4, variance 26/3
    }

    @Test
    void standardizeForgetsHalfAfterItsHalfLife() {
        Stand standardize = new Stand(new Standardize(1.0), 1); // averages over 2 samples at most
        standardize.learn(1);
        assertThat(standardize.learn(3)).containsExactly(1); // mean 2, variance 1
        assertThat(standardize.learn(8)[0]).isCloseTo(0.973329f, within(1e-5f)); // mean 5, variance 9.5
        assertThat(Memory.samples(100)).isCloseTo(144.77f, within(0.01f)); // (1 - 1 / n)^100 = 1/2
        assertThat(Memory.samples(1e12)).isEqualTo(Memory.LONGEST);
    }

    @Test
    void showingLeavesTheStatisticsAlone() {
        Stand standardize = new Stand(new Standardize(), 1);
        standardize.learn(1);
        standardize.show(100);
        assertThat(standardize.learn(3)).containsExactly(1);
    }

    @Test
    void missingNumberBecomesTheMeanAndLeavesItsColumnAlone() {
        Stand standardize = new Stand(new Standardize(), 2);
        standardize.learn(1, 5);
        assertThat(standardize.learn(Float.NaN, 7)).containsExactly(0, 1);
        assertThat(standardize.learn(3, Float.NaN)).containsExactly(1, 0);
    }

    @Test
    void columnThatNeverVariedGivesZero() {
        Stand standardize = new Stand(new Standardize(), 1);
        for (int i = 0; i < 100; i++) {
            assertThat(standardize.learn(0.1f)).containsExactly(0);
        }
    }

    @Test
    void varianceSurvivesALargeMean() {
        Stand standardize = new Stand(new Standardize(), 1);
        for (int i = 0; i < 1000; i++) {
            standardize.learn(10_000 + i % 2); // mean 10000.5, deviation 0.5
        }
        assertThat(standardize.show(10_001)[0]).isCloseTo(1, within(0.01f));
    }

    @Test
    void numberTooLargeToSquareGetsNoScore() {
        assertThat(new Stand(new Standardize(), 1).show(1e30f)).containsExactly(Float.NaN);
        Stand standardize = new Stand(new Standardize(), 1);
        standardize.learn(1);
        assertThat(standardize.show(1e30f)).containsExactly(Float.NaN);
    }

    @Test
    void behindOtherLayersNaNIsNoMissingNumber() {
        assertThat(new Stand(new Standardize(), Shape.of(1)).show(Float.NaN)).containsExactly(Float.NaN);
    }

    @Test
    void layerNormCentresAndScalesEachSample() {
        Stand layerNorm = new Stand(new LayerNorm(), 3);
        assertThat(layerNorm.show(1, 2, 3)).containsExactly(new float[] {-1.22474f, 0, 1.22474f}, within(1e-5f));
        assertThat(layerNorm.show(10, 20, 30)).containsExactly(new float[] {-1.22474f, 0, 1.22474f}, within(1e-5f));
        assertThat(layerNorm.show(4, 4, 4)).containsExactly(0, 0, 0);
        assertThat(layerNorm.show(1e30f, 2, 3)).containsOnly(Float.NaN);
    }

    @Test
    void rmsNormScalesButDoesNotCentre() {
        Stand rmsNorm = new Stand(new RmsNorm(1e-5), 3);
        float[] expected = {0.46291f, 0.92582f, 1.38873f}; // mean square 14/3
        assertThat(rmsNorm.show(1, 2, 3)).containsExactly(expected, within(1e-5f));
        assertThat(rmsNorm.show(10, 20, 30)).containsExactly(expected, within(1e-5f));
        assertThat(rmsNorm.show(1e30f, 2, 3)).containsOnly(Float.NaN);
    }

    @Test
    void minMaxScalesToTheRangeSeen() {
        Stand minMax = new Stand(new MinMax(), 2);
        assertThat(minMax.learn(3, Float.NaN)).containsExactly(0.5f, 0.5f); // never varied, missing
        assertThat(minMax.learn(7, 1)).containsExactly(1, 0.5f);
        assertThat(minMax.show(-1, 2)).containsExactly(0, 1);
        assertThat(minMax.learn(4, Float.NaN)).containsExactly(0.25f, 0.5f);
        assertThat(minMax.show(1e30f, 1)).containsExactly(1, 0.5f);
        assertThat(new Stand(new MinMax(), Shape.of(1)).show(Float.NaN)).containsExactly(Float.NaN);
        assertThat(minMax.show(Float.POSITIVE_INFINITY, 1)[0]).isNaN();
    }

    @Test
    void batchNormForgetsHalfAfterItsHalfLife() {
        Stand batchNorm = new Stand(new BatchNorm(1, 1e-5), 1); // averages over 2 samples at most
        assertThat(batchNorm.learn(1)).containsExactly(0); // mean 1, variance 0
        assertThat(batchNorm.learn(3)[0]).isCloseTo(1, within(1e-5f)); // mean 2, variance 1
        assertThat(batchNorm.learn(8)[0]).isCloseTo(0.973328f, within(1e-5f)); // mean 5, variance 9.5
        assertThat(batchNorm.show(1e30f)).containsExactly(Float.NaN);
    }

    @Test
    void weightNormMeasuresTheInputAlongEachDirection() {
        Stand weightNorm = new Stand(new WeightNorm(2), 2);
        System.arraycopy(new float[] {3, 0, 4, 2, 10, 5, 0.5f, -1}, 0, weightNorm.row, 0, 8);
        assertThat(weightNorm.show(1, 2)).containsExactly(new float[] {22.5f, 9}, within(1e-5f)); // 10 * 11/5 + .5
        assertThat(weightNorm.show(0, 0)).containsExactly(0.5f, -1);
    }

    @Test
    void cosineNormIgnoresLengths() {
        Stand cosineNorm = new Stand(new CosineNorm(2, 1e-5), 2);
        System.arraycopy(new float[] {3, 0, 4, 2}, 0, cosineNorm.row, 0, 4);
        float[] expected = {0.96f, 0.6f}; // (40, 30) against (3, 4) and (0, 2): 240 / 250 and 60 / 100
        assertThat(cosineNorm.show(40, 30)).containsExactly(expected, within(1e-5f));
        assertThat(cosineNorm.show(4000, 3000)).containsExactly(expected, within(1e-5f));
        assertThat(cosineNorm.show(0, 0)).containsExactly(0, 0);
        assertThat(cosineNorm.show(1e30f, 1)).containsOnly(Float.NaN);
    }
}
