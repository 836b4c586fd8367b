package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.List;
import java.util.Random;

/**
 * Digits on a display of seven segments, each of which is wrong with probability .1, among seventeen lights that say
 * nothing. At the drifts segments change places with meaningless lights: three at the first, seven at the second.
 *
 * @see "L. Breiman, J. Friedman, R. Olshen, C. Stone, Classification and Regression Trees, 1984, section 2.6.1"
 */
final class Led implements Generator {
    private static final int SEGMENTS = 7;
    private static final int LIGHTS = 24;
    private static final double NOISE = 0.1;
    private static final int[] MOVED = {0, 3, SEGMENTS}; // segments that stand elsewhere, by concept

    /** Which segments a digit lights: top, upper left, upper right, middle, lower left, lower right, bottom. */
    private static final String[] DIGITS = {
        "1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111", "1010010", "1111111", "1111011"
    };

    private final Concepts concepts;
    private final Random random;

    Led(long events, long seed) {
        concepts = new Concepts(events, List.of("as built", "three segments move", "seven segments have moved"));
        random = new Random(seed);
    }

    @Override
    public List<String> features() {
        return Hyperplane.numbered(LIGHTS);
    }

    @Override
    public int classes() {
        return DIGITS.length;
    }

    @Override
    public List<Drift> drifts() {
        return concepts.drifts();
    }

    @Override
    public int next(double[] lights) {
        int digit = random.nextInt(DIGITS.length);
        for (int i = 0; i < LIGHTS; i++) {
            boolean lit = i < SEGMENTS ? DIGITS[digit].charAt(i) == '1' : random.nextBoolean();
            boolean wrong = i < SEGMENTS && random.nextDouble() < NOISE;
            lights[i] = lit != wrong ? 1 : 0;
        }
        int moved = MOVED[concepts.next()];
        for (int i = 0; i < moved; i++) {
            double light = lights[i];
            lights[i] = lights[SEGMENTS + i];
            lights[SEGMENTS + i] = light;
        }
        return digit;
    }
}
