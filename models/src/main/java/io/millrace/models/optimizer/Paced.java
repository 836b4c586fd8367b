package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;

/** Takes the share of an optimizer's step that a schedule gives. */
final class Paced implements Descent {
    private final Schedule schedule;
    private final Descent optimizer;
    private final float[] before;
    private float share;

    Paced(Schedule schedule, Descent optimizer, int parameters) {
        this.schedule = schedule;
        this.optimizer = optimizer;
        before = new float[parameters];
    }

    @Override
    public void begin(long update) {
        begin(update, 0);
    }

    @Override
    public void begin(long update, double squaredGradient) {
        share = (float) schedule.at(update);
        optimizer.begin(update, squaredGradient);
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
