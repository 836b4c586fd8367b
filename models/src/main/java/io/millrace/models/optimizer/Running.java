package io.millrace.models.optimizer;

import io.millrace.models.optimizer.Optimizer.Tensors;

/** Running means over the gradient {@code g} in TorchScript: in place, and zero once almost nothing. */
final class Running {
    private Running() {}

    /** Moves a slot by its share towards the gradient. */
    static void mean(Tensors tensors, String slot, double decay) {
        tensors.let(slot + ".lerp_(g, " + (1 - decay) + ")");
        tensors.let(Tiny.drop(slot, Tiny.MEAN));
    }

    /** Moves a slot by its share towards the squared gradient. */
    static void square(Tensors tensors, String slot, double decay) {
        tensors.let(slot + ".mul_(" + decay + ").addcmul_(g, g, value=" + (1 - decay) + ")");
        tensors.let(Tiny.drop(slot, Tiny.SQUARE));
    }
}
