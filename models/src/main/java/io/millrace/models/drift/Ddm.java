package io.millrace.models.drift;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Drift Detection Method: the error rate is so many of its deviations above its least.
 *
 * <p>The least is of rate plus deviation, and is looked for after the first events. A model that was never wrong until
 * then alarms at its first error.
 *
 * @see "J. Gama, P. Medas, G. Castillo, P. Rodrigues, Learning with Drift Detection, 2004, section 3"
 */
@Term(value = "ddm", about = "Error rate against its least so far; for abrupt changes.")
public record Ddm(
        @Setting(value = "Deviations above the least rate that are drift.", byDefault = "3.0", above = 0)
        double level,

        @Setting(value = "Events before it looks for a least rate.", byDefault = "30", atLeast = 1)
        long after)
        implements Detector {
    private static final int EVENTS = 0;
    private static final int ERRORS = Doubles.FLOATS;
    private static final int LEAST_RATE = 2 * Doubles.FLOATS;
    private static final int LEAST_DEVIATION = 3 * Doubles.FLOATS;

    public Ddm {
        Settings.check(Ddm.class, level, after);
    }

    @Override
    public int floats() {
        return 4 * Doubles.FLOATS;
    }

    @Override
    public boolean binary() {
        return true;
    }

    @Override
    public Sentinel sentinel(int at) {
        return forgetful(at, (row, value) -> update(row, at, value));
    }

    private boolean update(float[] row, int at, double value) {
        double events = Doubles.add(row, at + EVENTS, 1);
        double errors = Doubles.add(row, at + ERRORS, value);
        if (events < after) {
            return false;
        }
        double rate = errors / events;
        double deviation = Math.sqrt(rate * (1 - rate) / events);
        double leastRate = Doubles.get(row, at + LEAST_RATE);
        double leastDeviation = Doubles.get(row, at + LEAST_DEVIATION);
        if (events == after || rate + deviation <= leastRate + leastDeviation) {
            Doubles.put(row, at + LEAST_RATE, rate);
            Doubles.put(row, at + LEAST_DEVIATION, deviation);
            return false;
        }
        return rate + deviation > leastRate + level * leastDeviation;
    }
}
