package io.millrace.models.program;

/** A layer compiled at its place: shapes are known, ranges are laid out. Immutable. */
public interface Stage {
    /** What flows out. */
    Shape output();

    /** New working memory for one thread that computes this stage over rows of the layout. */
    Kernel kernel(Layout layout);

    /**
     * Writes the stage's forward pass as TorchScript and, by {@link Script#derive}, how a slope in its output becomes
     * slopes in its input and parameters. A stage that does not say is left to autograd, and with it the whole program.
     *
     * @param script receives the statements
     * @param input name of a tensor [rows, input width]
     * @return name of a tensor [rows, output width]
     */
    String script(Script script, String input);

    /** True if it has parameters: learning then needs the gradient in its output. */
    default boolean learns() {
        return true;
    }

    /** True if learning sees another output than predicting, as with dropout. */
    default boolean stochastic() {
        return false;
    }

    /** True if NaN in a numeric column means a missing number; otherwise it becomes 0 before the first layer. */
    default boolean acceptsMissing() {
        return false;
    }
}
