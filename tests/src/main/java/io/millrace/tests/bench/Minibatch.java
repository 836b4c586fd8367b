package io.millrace.tests.bench;

import java.util.Random;

/**
 * Samples that one model learns from together.
 *
 * @param features [size, inputs]
 * @param labels [size, 1], whole numbers below the number of classes
 */
record Minibatch(float[][] features, float[][] labels) {
    static Minibatch random(int size, int inputs, int classes) {
        Random random = new Random(1);
        float[][] features = new float[size][inputs];
        float[][] labels = new float[size][1];
        for (int row = 0; row < size; row++) {
            for (int i = 0; i < inputs; i++) {
                features[row][i] = (float) random.nextGaussian();
            }
            labels[row][0] = random.nextInt(classes);
        }
        return new Minibatch(features, labels);
    }

    int size() {
        return features.length;
    }

    int inputs() {
        return features[0].length;
    }

    /** Those of one sample after the other. */
    static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
        }
        return flat;
    }
}
