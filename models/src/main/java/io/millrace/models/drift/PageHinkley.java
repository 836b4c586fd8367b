package io.millrace.models.drift;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Page-Hinkley test: what the values exceed their running mean by, less what is tolerated, has added up since its
 * least.
 *
 * @see "E. S. Page, Continuous Inspection Schemes, 1954, section 4"
 * @see "D. V. Hinkley, Inference about the Change-Point from Cumulative Sum Tests, 1971"
 */
@Term(value = "page-hinkley", about = "Cumulative sum of what values exceed their mean by.")
public record PageHinkley(
        @Setting(value = "Sum of excesses that is drift.", byDefault = "50.0", above = 0)
        double threshold,

        @Setting(value = "Excess of a value over the mean that is tolerated.", byDefault = "0.005", atLeast = 0)
        double delta,

        @Setting(value = "Values before it looks for drift.", byDefault = "30", atLeast = 1)
        long after)
        implements Detector {
    private static final int EVENTS = 0;
    private static final int SUM = Doubles.FLOATS;
    private static final int EXCESS = 2 * Doubles.FLOATS;
    private static final int LEAST = 3 * Doubles.FLOATS; // 0 to begin with, as the empty sum

    public PageHinkley {
        Settings.check(PageHinkley.class, threshold, delta, after);
    }

    @Override
    public int floats() {
        return 4 * Doubles.FLOATS;
    }

    @Override
    public Sentinel sentinel(int at) {
        return forgetful(at, (row, value) -> update(row, at, value));
    }

    private boolean update(float[] row, int at, double value) {
        double events = Doubles.add(row, at + EVENTS, 1);
        double mean = Doubles.add(row, at + SUM, value) / events;
        double excess = Doubles.add(row, at + EXCESS, value - mean - delta);
        double least = Doubles.get(row, at + LEAST);
        if (excess < least) {
            Doubles.put(row, at + LEAST, excess);
            return false;
        }
        return events >= after && excess - least > threshold;
    }
}
