package io.millrace.models.optimizer;

import io.millrace.models.lanes.Moments;
import io.millrace.models.optimizer.Optimizer.Tensors;

/** Running means over gradients, zero once almost nothing; in TorchScript in place, over the gradient {@code g}. */
final class Running {
    private Running() {}

    /** A mean moved by its share towards a gradient. */
    static float mean(Moments moments, float mean, float g) {
        return Tiny.flush(moments.keepMean() * mean + moments.takeMean() * g, Tiny.MEAN);
    }

    /** A mean of squares moved by its share towards a squared gradient. */
    static float square(Moments moments, float square, float g) {
        return Tiny.flush(moments.keepSquare() * square + moments.takeSquare() * g * g, Tiny.SQUARE);
    }

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
