package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.List;
import java.util.Random;

/**
 * Fifty clouds of points in ten dimensions, each of one class, a weight and a width; a point lies in a random direction
 * from its cloud's centre, at a normal distance. Every cloud wanders with a speed of {@value #SPEED} a point, straight
 * until it bounces off the unit cube.
 *
 * <p>Other than in the paper clouds stand still in the first and the last quarter of the stream, so that there is a
 * before and an after.
 *
 * @see "A. Bifet, G. Holmes, B. Pfahringer, R. Kirkby, R. Gavalda, New Ensemble Methods for Evolving Data Streams, 2009,
 *     section 4: random RBF with drift"
 */
final class RandomRbf implements Generator {
    private static final int DIMENSIONS = 10;
    private static final int CLOUDS = 50;
    private static final int CLASSES = 3;
    private static final double SPEED = 0.0001;

    private final Random random;
    private final Drift wandering;
    private final double[][] centres = new double[CLOUDS][DIMENSIONS];
    private final double[][] speeds = new double[CLOUDS][];
    private final int[] labels = new int[CLOUDS];
    private final double[] widths = new double[CLOUDS];
    private final double[] cumulativeWeights = new double[CLOUDS];
    private long next;

    RandomRbf(long events, long seed) {
        wandering = new Drift("the clouds wander", events / 4, events / 4 * 3);
        random = new Random(seed);
        double sum = 0;
        for (int cloud = 0; cloud < CLOUDS; cloud++) {
            for (int i = 0; i < DIMENSIONS; i++) {
                centres[cloud][i] = random.nextDouble();
            }
            speeds[cloud] = direction(SPEED);
            labels[cloud] = random.nextInt(CLASSES);
            widths[cloud] = random.nextDouble();
            sum += random.nextDouble();
            cumulativeWeights[cloud] = sum;
        }
    }

    /** A vector of a random direction. */
    private double[] direction(double length) {
        double[] vector = new double[DIMENSIONS];
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] *= length / Math.sqrt(squares);
        }
        return vector;
    }

    @Override
    public List<String> features() {
        return Hyperplane.numbered(DIMENSIONS);
    }

    @Override
    public int classes() {
        return CLASSES;
    }

    @Override
    public List<Drift> drifts() {
        return List.of(wandering);
    }

    @Override
    public int next(double[] point) {
        if (next >= wandering.start() && next < wandering.end()) {
            wander();
        }
        next++;
        double drawn = random.nextDouble() * cumulativeWeights[CLOUDS - 1];
        int cloud = 0;
        while (cumulativeWeights[cloud] <= drawn) {
            cloud++;
        }
        double[] offset = direction(random.nextGaussian() * widths[cloud]);
        for (int i = 0; i < DIMENSIONS; i++) {
            point[i] = centres[cloud][i] + offset[i];
        }
        return labels[cloud];
    }

    private void wander() {
        for (int cloud = 0; cloud < CLOUDS; cloud++) {
            for (int i = 0; i < DIMENSIONS; i++) {
                double there = centres[cloud][i] + speeds[cloud][i];
                if (there < 0 || there > 1) {
                    speeds[cloud][i] = -speeds[cloud][i];
                } else {
                    centres[cloud][i] = there;
                }
            }
        }
    }
}
