package io.millrace.models.program;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** First values of a range. */
@FunctionalInterface
public interface Initializer {
    Initializer ZEROS = constant(0);
    Initializer ONES = constant(1);

    /**
     * Chooses all values.
     *
     * @param values overwritten, row-major
     * @param shape their dimensions
     */
    void fill(float[] values, List<Integer> shape, RandomGenerator random);

    /** One value everywhere. */
    static Initializer constant(double value) {
        return (values, shape, random) -> Arrays.fill(values, (float) value);
    }

    /** Normal values with mean zero. */
    static Initializer normal(double deviation) {
        return (values, shape, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        };
    }

    /** Values spread evenly over [-bound, bound). */
    static Initializer uniform(double bound) {
        return (values, shape, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        };
    }
}
