package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowersTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 255, 256, 257, 10_000, 65_535, 65_536, 1L << 40})
    void agreesWithPow(long exponent) {
        for (double base : new double[] {0, 0.9, 0.999, 0.999999}) {
            double expected = Math.pow(base, (double) exponent);
            assertThat(new Powers(base).of(exponent)).isCloseTo(expected, within(1e-14 * expected));
        }
    }
}
