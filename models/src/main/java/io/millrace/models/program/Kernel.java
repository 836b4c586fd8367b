package io.millrace.models.program;

/**
 * One stage's arithmetic over a row, with its working memory; belongs to one thread. Allocates nothing.
 *
 * <p>Per event an executor calls {@link #forward}, and to learn {@link #backward}, {@link #squaredGradient} and
 * {@link #update}, in this order and with the same arrays. Only {@code update} writes to the row. Stages below the
 * lowest that learns are spared {@code backward}.
 */
public interface Kernel {
    /**
     * Computes the output as a prediction sees it.
     *
     * @param row the model
     * @param input [input width]
     * @param output [output width], overwritten
     */
    void forward(float[] row, float[] input, float[] output);

    /**
     * Computes the output as learning sees it; differs from {@link #forward} only in stochastic stages.
     *
     * @param draw fixes the random choices: equal draws, equal choices
     */
    default void forwardLearning(float[] row, float[] input, float[] output, long draw) {
        forward(row, input, output);
    }

    /**
     * Computes the loss's gradient in the input, and keeps what {@link #update} needs of the gradient in the
     * parameters.
     *
     * @param outputDelta [output width], gradient in the output
     * @param inputDelta [input width], overwritten with the gradient in the input
     */
    void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta);

    /**
     * As {@link #backward}, in the lowest stage that learns: nobody reads the gradient in its input.
     *
     * @param scratch [input width], may be overwritten
     */
    default void backwardLowest(float[] row, float[] input, float[] output, float[] outputDelta, float[] scratch) {
        backward(row, input, output, outputDelta, scratch);
    }

    /** Squared Euclidean norm of the gradient in the stage's parameters; 0 without parameters. */
    default double squaredGradient(float[] input, float[] outputDelta) {
        return 0;
    }

    /** Moves the parameters by the optimizer's step and stores running statistics. */
    default void update(float[] row, float[] input, float[] outputDelta, Descent descent) {}
}
