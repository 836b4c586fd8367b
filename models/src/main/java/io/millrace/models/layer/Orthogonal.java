package io.millrace.models.layer;

import io.millrace.models.program.Initializer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A random matrix whose rows, or columns if there are fewer of those, have length 1 and are at right angles: normal
 * vectors, made so one after the other.
 */
final class Orthogonal implements Initializer {
    @Override
    public void fill(float[] values, List<Integer> shape, RandomGenerator random) {
        int rows = shape.get(0);
        int columns = shape.get(1);
        double[][] vectors = basis(Math.min(rows, columns), Math.max(rows, columns), random);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[i * columns + j] = (float) (rows <= columns ? vectors[i][j] : vectors[j][i]);
            }
        }
    }

    private static double[][] basis(int count, int length, RandomGenerator random) {
        double[][] vectors = new double[count][length];
        for (int v = 0; v < count; v++) {
            for (int i = 0; i < length; i++) {
                vectors[v][i] = random.nextGaussian();
            }
            for (int pass = 0;
                    pass < 2;
                    pass++) { // what one pass leaves over of nearly parallel vectors, a second removes
                for (int other = 0; other < v; other++) {
                    add(-dot(vectors[v], vectors[other]), vectors[other], vectors[v]);
                }
                add(1 / Math.sqrt(dot(vectors[v], vectors[v])) - 1, vectors[v], vectors[v]);
            }
        }
        return vectors;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    private static void add(double factor, double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }
}
