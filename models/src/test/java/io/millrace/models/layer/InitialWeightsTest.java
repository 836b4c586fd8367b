package io.millrace.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Layout;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialWeightsTest {
    /** The first values of a layer's first range: its weights or directions. */
    private static float[] weights(Layer layer, int inputs, int count) {
        Layout.Builder builder = new Layout.Builder(7);
        layer.compile(new Site(builder, "it", Shape.of(inputs)));
        return Arrays.copyOf(builder.build(List.of()).initialRow(), count);
    }

    @ParameterizedTest
    @CsvSource({"HE, 100, 400, 0.02", "GLOROT, 100, 400, 0.004", "LECUN, 100, 400, 0.01", "LECUN, 400, 100, 0.0025"})
    void weightsHaveTheirPublishedVariance(InitialWeights initializer, int inputs, int units, double variance) {
        float[] weights = weights(new Dense(units, initializer), inputs, inputs * units);
        double sum = 0;
        double squares = 0;
        for (float weight : weights) {
            sum += weight;
            squares += weight * weight;
        }
        double mean = sum / weights.length;
        assertThat(mean).isCloseTo(0, within(4 * Math.sqrt(variance / weights.length)));
        assertThat(squares / weights.length - mean * mean).isCloseTo(variance, within(0.03 * variance));
    }

    @Test
    void glorotStaysWithinItsBound() {
        double bound = Math.sqrt(6.0 / (30 + 20));
        float largest = 0;
        for (float weight : weights(new Dense(20, InitialWeights.GLOROT), 30, 600)) {
            largest = Math.max(largest, Math.abs(weight));
        }
        assertThat((double) largest).isBetween(0.95 * bound, bound);
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "20, 5", "5, 20"})
    void orthogonalWeightsAreAtRightAnglesAndOfLengthOne(int inputs, int units) {
        float[] dense = weights(new Dense(units, InitialWeights.ORTHOGONAL), inputs, inputs * units);
        assertOrthonormal(dense, Math.min(inputs, units), Math.max(inputs, units), Math.max(inputs, units), 1);
        float[] directions = weights(new WeightNorm(units, InitialWeights.ORTHOGONAL), inputs, inputs * units);
        if (inputs > units) { // a unit's direction is a column
            assertOrthonormal(directions, units, inputs, 1, units);
        } else {
            assertOrthonormal(directions, inputs, units, units, 1);
        }
    }

    /** The n-th vector's i-th number lies at n * stride + i * step. */
    private static void assertOrthonormal(float[] values, int vectors, int length, int stride, int step) {
        for (int one = 0; one < vectors; one++) {
            for (int other = 0; other <= one; other++) {
                double product = 0;
                for (int i = 0; i < length; i++) {
                    product += (double) values[one * stride + i * step] * values[other * stride + i * step];
                }
                assertThat(product).as("%s and %s", one, other).isCloseTo(one == other ? 1 : 0, within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"HE, 1.41421356", "GLOROT, 0.63245553", "LECUN, 1", "ORTHOGONAL, 0.5"})
    void lengthsOfDirectionsStartAsDenseWeightsDo(InitialWeights initializer, float length) {
        float[] row = weights(new WeightNorm(40, initializer), 10, 401);
        assertThat(row[400]).isCloseTo(length, within(1e-6f));
    }

    @Test
    void zerosAreNoDirections() {
        assertThat(weights(new Dense(3, InitialWeights.ZEROS), 2, 6)).containsOnly(0);
        assertThatThrownBy(() -> weights(new WeightNorm(3, InitialWeights.ZEROS), 2, 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("initializer=zeros gives no direction: choose another");
        assertThatThrownBy(() -> weights(new CosineNorm(3, 1e-5, InitialWeights.ZEROS), 2, 6))
                .hasMessage("initializer=zeros gives no direction: choose another");
    }
}
