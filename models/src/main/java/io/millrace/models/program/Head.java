package io.millrace.models.program;

/** A loss compiled for its target: turns the network's outputs into scores, and a label into a gradient. */
public interface Head {
    /** Number of network outputs it needs. */
    int outputs();

    /** New working memory for one thread. */
    HeadKernel kernel(Layout layout);

    /** Writes the scores as TorchScript: outputs [rows, outputs] to scores [rows, target.scores]. */
    String scoresScript(Script script, String outputs);

    /**
     * Writes the loss as TorchScript and, by {@link Script#derive}, its slope in the outputs.
     *
     * @param outputs name of a tensor [rows, outputs]
     * @param label name of a tensor [rows, target.labelWidth]
     * @return name of a tensor [rows], the loss of each row
     */
    String lossScript(Script script, String outputs, String label);
}
