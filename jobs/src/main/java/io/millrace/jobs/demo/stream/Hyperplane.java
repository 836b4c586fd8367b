package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A rotating hyperplane in ten dimensions: points of the unit cube, of class 1 above the plane that halves it. With each
 * event the weights of five dimensions change by a thousandth, and each turns round with probability .1 per thousand
 * events. Of the labels one in twenty is turned round.
 *
 * <p>Other than in the paper the plane stands still in the first and the last quarter of the stream, so that there is a
 * before and an after.
 *
 * @see "G. Hulten, L. Spencer, P. Domingos, Mining Time-Changing Data Streams, 2001, section 5"
 */
final class Hyperplane implements Generator {
    private static final int DIMENSIONS = 10;
    private static final int MOVING = 5;
    private static final double STEP = 0.001;
    private static final double TURN = 0.1 / 1000;
    private static final double NOISE = 0.05;

    private final Random random;
    private final Drift rotation;
    private final double[] weights = new double[DIMENSIONS];
    private final double[] steps = new double[MOVING];
    private long next;

    Hyperplane(long events, long seed) {
        rotation = new Drift("the plane rotates", events / 4, events / 4 * 3);
        random = new Random(seed);
        for (int i = 0; i < DIMENSIONS; i++) {
            weights[i] = random.nextDouble();
        }
        for (int i = 0; i < MOVING; i++) {
            steps[i] = random.nextBoolean() ? STEP : -STEP;
        }
    }

    @Override
    public List<String> features() {
        return numbered(DIMENSIONS);
    }

    /** As many features without a meaning: x0, x1 and so on. */
    static List<String> numbered(int features) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            names.add("x" + i);
        }
        return names;
    }

    @Override
    public int classes() {
        return 2;
    }

    @Override
    public List<Drift> drifts() {
        return List.of(rotation);
    }

    @Override
    public int next(double[] point) {
        double height = 0;
        double middle = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            point[i] = random.nextDouble();
            height += weights[i] * point[i];
            middle += weights[i] / 2;
        }
        if (next >= rotation.start() && next < rotation.end()) {
            rotate();
        }
        next++;
        int label = height >= middle ? 1 : 0;
        return random.nextDouble() < NOISE ? 1 - label : label;
    }

    private void rotate() {
        for (int i = 0; i < MOVING; i++) {
            weights[i] += steps[i];
            if (random.nextDouble() < TURN) {
                steps[i] = -steps[i];
            }
        }
    }
}
