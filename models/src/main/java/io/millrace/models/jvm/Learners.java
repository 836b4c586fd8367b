package io.millrace.models.jvm;

/** What predicts from a row and learns in it: one network, or several that predict together. Belongs to one thread. */
interface Learners {
    /**
     * Predicts.
     *
     * @param updates how many the row has had
     * @param scores [target.scores], overwritten
     */
    void predict(float[] row, long updates, float[] scores);

    /**
     * Learns from the sample just predicted, if loss and gradient are finite; otherwise the row stays as it is.
     *
     * @param draw fixes the random choices of this update
     * @param factor by which drift boosts the step
     * @return true if the row has taken the step
     */
    boolean learn(float[] row, float[] label, float weight, long update, long draw, float factor);

    /** The loss last learnt from. */
    double loss();
}
