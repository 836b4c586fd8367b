package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;

/** Takes an optimizer's step as often as told, in one; belongs to one thread. */
public final class Boosted implements Descent {
    private final Descent descent;
    private final float[] before;
    private float factor = 1;

    /**
     * @param descent that is boosted
     * @param parameters the most that a step moves
     */
    public Boosted(Descent descent, int parameters) {
        this.descent = descent;
        before = new float[parameters];
    }

    /** From now on takes so many times the step. */
    public void factor(float factor) {
        this.factor = factor;
    }

    @Override
    public void begin(float[] row, long update, double loss, double squaredGradient) {
        descent.begin(row, update, loss, squaredGradient);
    }

    @Override
    public void end(float[] row) {
        descent.end(row);
    }

    @Override
    public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
        if (factor == 1) {
            descent.step(row, at, count, gradient, from, scale);
            return;
        }
        System.arraycopy(row, at, before, 0, count);
        descent.step(row, at, count, gradient, from, scale);
        Paced.takeShare(row, at, count, before, factor);
    }
}
