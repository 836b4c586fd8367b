package io.millrace.models.drift;

import io.millrace.models.Outcome;
import io.millrace.models.Target;
import io.millrace.models.program.Layout;

/**
 * Watches the errors of models, and does what is to be done when they rise; belongs to one thread. Allocates nothing, and
 * remembers nothing but in the row.
 */
public final class Lookout {
    private static final float MOST = 1 << 24; // a float counts no further

    private final OnDrift spec;
    private final boolean errors;
    private final Sentinel sentinel;
    private final int alarms;
    private final int boosted;

    Lookout(OnDrift.Places places, Layout layout) {
        spec = places.spec();
        errors = places.errors();
        sentinel = spec.detector().sentinel(layout.at(places.detector()));
        alarms = layout.at(places.alarms());
        boosted = layout.at(places.boosted());
    }

    /** The factor of a row's next step. */
    public float factor(float[] row) {
        return row[boosted] > 0 ? (float) spec.factor() : 1;
    }

    /**
     * Takes note of an event that was just learnt.
     *
     * @param outcome of the event
     * @return true at an alarm
     */
    public boolean learnt(float[] row, float label, Outcome outcome) {
        if (row[boosted] > 0) {
            row[boosted]--;
        }
        boolean drift = sentinel.update(row, errors ? error(label, outcome) : -Math.expm1(-outcome.loss));
        if (drift) {
            row[alarms] = Math.min(MOST, row[alarms] + 1);
            row[boosted] = spec.updates();
        }
        return drift;
    }

    private static double error(float label, Outcome outcome) {
        return Target.highest(outcome.scores) == (int) label ? 0 : 1;
    }
}
