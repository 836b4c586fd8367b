package io.millrace.models.drift;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Drift detection by Hoeffding's bound on averages: the mean of all values lies above that of the values up to some
 * cut, beyond what chance allows. The cut is where the mean plus its bound was least.
 *
 * <p>The test is for a rise alone, so its bound is the one-sided one.
 *
 * @see "I. Frias-Blanco et al., Online and Non-Parametric Drift Detection Methods Based on Hoeffding's Bounds, 2015,
 *     algorithm 1, A-test"
 */
@Term(value = "hddm-a", about = "Averages before and after a cut, by Hoeffding's bound; for abrupt changes.")
public record HddmA(
        @Setting(value = "Probability of an alarm without drift.", byDefault = "0.001", above = 0, below = 1)
        double alpha)
        implements Detector {
    private static final int EVENTS = 0;
    private static final int SUM = Doubles.FLOATS;
    private static final int CUT_EVENTS = 2 * Doubles.FLOATS;
    private static final int CUT_SUM = 3 * Doubles.FLOATS;

    public HddmA {
        Settings.check(HddmA.class, alpha);
    }

    @Override
    public int floats() {
        return 4 * Doubles.FLOATS;
    }

    @Override
    public Sentinel sentinel(int at) {
        double surprise = Math.log(1 / alpha);
        return forgetful(at, (row, value) -> update(row, at, value, surprise));
    }

    private boolean update(float[] row, int at, double value, double surprise) {
        double events = Doubles.add(row, at + EVENTS, 1);
        double sum = Doubles.add(row, at + SUM, value);
        double cutEvents = Doubles.get(row, at + CUT_EVENTS);
        double cutSum = Doubles.get(row, at + CUT_SUM);
        if (cutEvents == 0 || upper(events, sum, surprise) <= upper(cutEvents, cutSum, surprise)) {
            Doubles.put(row, at + CUT_EVENTS, events);
            Doubles.put(row, at + CUT_SUM, sum);
            return false;
        }
        double since = events - cutEvents;
        double bound = Math.sqrt(since / (2 * cutEvents * events) * surprise);
        return sum / events - cutSum / cutEvents >= bound;
    }

    private static double upper(double events, double sum, double surprise) {
        return sum / events + Math.sqrt(surprise / (2 * events));
    }
}
