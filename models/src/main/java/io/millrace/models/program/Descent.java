package io.millrace.models.program;

/** An optimizer's step over a row; belongs to one thread. Allocates nothing. */
public interface Descent {
    /**
     * Begins one update of a row.
     *
     * @param update number of the update, the first is 1
     */
    default void begin(long update) {}

    /**
     * Begins one update of a row, knowing what it is for.
     *
     * @param row the model
     * @param loss that is learnt from, finite
     * @param squaredGradient squared Euclidean norm of the whole gradient
     */
    default void begin(float[] row, long update, double loss, double squaredGradient) {
        begin(update);
    }

    /** Ends the update of a row, after the last {@link #step}. */
    default void end(float[] row) {}

    /**
     * Moves neighbouring parameters.
     *
     * @param at where they start in the row
     * @param count how many there are
     * @param gradient holds the gradient of parameter {@code at + i} at {@code from + i}, to be multiplied by scale
     */
    void step(float[] row, int at, int count, float[] gradient, int from, float scale);
}
