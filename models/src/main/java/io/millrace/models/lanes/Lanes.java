package io.millrace.models.lanes;

/**
 * Arithmetic over stretches of float arrays; belongs to one thread. Allocates nothing.
 *
 * <p>Every JVM uses one implementation throughout, in which equal arguments give equal bits. Between the two only sums
 * differ, by their order. What the optimizers remember is flushed to zero before it turns denormal, where one
 * operation would cost a hundred: with gradients of zero it decays that far within a thousand events.
 */
public interface Lanes {
    /** Added and taken off again, it flushes what is smaller by 1e-7: running means of gradients. */
    float FLUSH = 1e-25f;

    /** As {@link #FLUSH}, for running means of squared gradients. */
    float FLUSH_SQUARE = 1e-30f;

    /** Lanes of their own for one thread: with the Vector API if this JVM has it, otherwise plain loops. */
    static Lanes create() {
        return Choice.create();
    }

    /**
     * Adds the product of a vector and a matrix: {@code y += x M}.
     *
     * @param x [matrix.rows]
     * @param row holds the matrix
     * @param y [matrix.columns]
     */
    void addVectorMatrix(float[] x, float[] row, Matrix matrix, float[] y);

    /**
     * Adds the product of a matrix and a vector: {@code y += M x}.
     *
     * @param row holds the matrix
     * @param x [matrix.columns]
     * @param y [matrix.rows]
     */
    void addMatrixVector(float[] row, Matrix matrix, float[] x, float[] y);

    /** The sum of an array. */
    float sum(float[] values);

    /** The scalar product of two arrays of one length. */
    float dot(float[] left, float[] right);

    /** The sum of squares of an array, also where it leaves the range of a float. */
    default double squares(float[] values) {
        float near = dot(values, values);
        if (Float.isFinite(near)) {
            return near;
        }
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    /**
     * Plain descent: {@code p -= factor * g}.
     *
     * @param at where the parameters start in the row
     * @param count how many there are
     * @param gradient their gradient from {@code from} on
     */
    void descend(float[] row, int at, int count, float[] gradient, int from, float factor);

    /**
     * Descent with momentum: {@code v = keep * v + scale * g; p -= rate * v}.
     *
     * @param velocity distance from a parameter to its velocity
     * @param keep share of the velocity that stays
     * @see #descend
     */
    void momentum(
            int velocity,
            float keep,
            float rate,
            float[] row,
            int at,
            int count,
            float[] gradient,
            int from,
            float scale);

    /**
     * Adam: moves the moments {@code m} and {@code v} towards {@code scale * g} and its square, and then the parameters,
     * {@code p -= rate * m / (sqrt(v) * rootScale + epsilon)}.
     *
     * @param rate step size over the mean's bias correction
     * @param rootScale 1 over the root of the squares' bias correction
     * @see #descend
     */
    void adam(
            Moments moments,
            float rate,
            float rootScale,
            float[] row,
            int at,
            int count,
            float[] gradient,
            int from,
            float scale);
}
