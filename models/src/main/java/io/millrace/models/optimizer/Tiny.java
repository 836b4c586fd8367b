package io.millrace.models.optimizer;

/**
 * Flushes what has decayed to almost nothing: arithmetic with denormal floats is many times slower. A bound added and
 * taken off again leaves zero of numbers below a ten-millionth of it, and rounds the others by no more.
 */
final class Tiny {
    /** Bound for running means of gradients. */
    static final float MEAN = 1e-25f;

    /** Bound for running means of squares. */
    static final float SQUARE = 1e-30f;

    private Tiny() {}

    static float flush(float value, float bound) {
        return (value + bound) - bound;
    }

    /** The same of a tensor, in TorchScript. */
    static String flush(String value, float bound) {
        return "((" + value + ") + " + bound + ") - " + bound;
    }

    /** Turns what {@link #flush} would leave nothing of into zero, in place and in one pass, in TorchScript. */
    static String drop(String tensor, float bound) {
        return "torch.hardshrink(" + tensor + ", " + bound * 0x1p-24f + ", out=" + tensor + ")";
    }
}
