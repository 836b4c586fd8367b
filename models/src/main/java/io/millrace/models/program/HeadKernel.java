package io.millrace.models.program;

/** A loss's arithmetic; belongs to one thread. Allocates nothing. Only {@link #update} writes to the row. */
public interface HeadKernel {
    /**
     * What a prediction shows.
     *
     * @param outputs [outputs], of the network
     * @param scores [target.scores], overwritten: a probability per class, or the value
     */
    void scores(float[] row, float[] outputs, float[] scores);

    /**
     * The loss of one label.
     *
     * @param label [target.labelWidth]
     * @param delta [outputs], overwritten with the gradient in the outputs
     * @return the loss, at least 0 but for rounding
     */
    double loss(float[] row, float[] outputs, float[] label, float[] delta);

    /** Stores running statistics of the label just seen by {@link #loss}. */
    default void update(float[] row) {}
}
