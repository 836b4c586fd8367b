package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;

/** Takes the share of an optimizer's step that a schedule gives. */
final class Paced implements Descent {

    /** Where the share comes from. */
    @FunctionalInterface
    interface Pace {
        /** Share of the step, in [0, 1], at an update whose loss is known; may note it in the row. */
        double share(float[] row, long update, double loss);
    }

    private final Pace pace;
    private final Descent optimizer;
    private final float[] before;
    private float share;

    Paced(Pace pace, Descent optimizer, int parameters) {
        this.pace = pace;
        this.optimizer = optimizer;
        before = new float[parameters];
    }

    @Override
    public void begin(float[] row, long update, double loss, double squaredGradient) {
        share = (float) pace.share(row, update, loss);
        optimizer.begin(row, update, loss, squaredGradient);
    }

    @Override
    public void end(float[] row) {
        optimizer.end(row);
    }

    @Override
    public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
        System.arraycopy(row, at, before, 0, count);
        optimizer.step(row, at, count, gradient, from, scale);
        takeShare(row, at, count, before, share);
    }

    /** Replaces a whole step by a share of it. */
    static void takeShare(float[] row, int at, int count, float[] before, float share) {
        for (int i = 0; i < count; i++) {
            row[at + i] = before[i] + (row[at + i] - before[i]) * share;
        }
    }
}
