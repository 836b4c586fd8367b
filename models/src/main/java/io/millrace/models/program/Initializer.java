package io.millrace.models.program;

import java.util.random.RandomGenerator;

/** First values of a parameter. */
@FunctionalInterface
public interface Initializer {
    Initializer ZEROS = random -> 0;
    Initializer ONES = random -> 1;

    /** The next value. */
    float next(RandomGenerator random);

    /**
     * Normal values with variance 2 / inputs, which keep the scale of activations through rectifiers.
     *
     * @see "K. He et al., Delving Deep into Rectifiers, 2015, equation 10"
     */
    static Initializer he(int inputs) {
        return normal(Math.sqrt(2.0 / inputs));
    }

    /** Normal values with mean zero. */
    static Initializer normal(double deviation) {
        return random -> (float) (random.nextGaussian() * deviation);
    }
}
