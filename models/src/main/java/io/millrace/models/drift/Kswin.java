package io.millrace.models.drift;

import io.millrace.models.program.Noise;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.Arrays;

/**
 * Kolmogorov-Smirnov windowing: the newest values are distributed otherwise than as many drawn from those before them.
 *
 * <p>The window has a fixed size. At drift all but its newest values are forgotten; there is an alarm if the newest are
 * larger on average. The draw is without replacement, and a function of the number of values alone. Values are
 * remembered with the precision of a float.
 *
 * @see "C. Raab, M. Heusinger, F.-M. Schleif, Reactive Soft Prototype Computing for Concept Drift Streams, 2020,
 *     section 3.2"
 */
@Term(value = "kswin", about = "Distribution of the newest values against those before, by Kolmogorov and Smirnov.")
public record Kswin(
        @Setting(value = "Probability of a difference without drift.", byDefault = "0.005", above = 0, below = 1)
        double alpha,

        @Setting(value = "Values in the window.", byDefault = "100", atLeast = 4, atMost = 10000)
        int window,

        @Setting(value = "Newest values; at most half of the window.", byDefault = "30", atLeast = 2, atMost = 5000)
        int newest)
        implements Detector {
    private static final int EVENTS = 0;
    private static final int KEPT = Doubles.FLOATS;
    private static final int VALUES = Doubles.FLOATS + 1; // oldest first

    public Kswin {
        Settings.check(Kswin.class, alpha, window, newest);
        if (newest > window / 2) {
            throw new IllegalArgumentException(
                    "newest=" + newest + " must be <= " + window / 2 + ", half of window=" + window);
        }
    }

    @Override
    public int floats() {
        return VALUES + window;
    }

    @Override
    public Sentinel sentinel(int at) {
        return new Windowed(at);
    }

    private final class Windowed implements Sentinel {
        private final int at;
        private final double distance = Math.sqrt(-Math.log(alpha) / newest); // that is drift
        private final float[] before = new float[window - newest];
        private final float[] after = new float[newest];

        Windowed(int at) {
            this.at = at;
        }

        @Override
        public boolean update(float[] row, double value) {
            long events = (long) Doubles.add(row, at + EVENTS, 1);
            int values = at + VALUES;
            int kept = (int) row[at + KEPT];
            if (kept == window) {
                System.arraycopy(row, values + 1, row, values, --kept);
            }
            row[values + kept++] = (float) value;
            row[at + KEPT] = kept;
            if (kept < window) {
                return false;
            }
            System.arraycopy(row, values, before, 0, before.length);
            System.arraycopy(row, values + before.length, after, 0, newest);
            drawBefore(events);
            if (distance() <= distance) {
                return false;
            }
            Arrays.fill(row, values, values + window, 0);
            System.arraycopy(after, 0, row, values, newest);
            row[at + KEPT] = newest;
            return sum(after) > sum(before);
        }

        /** Puts a draw of as many as are newest in front. */
        private void drawBefore(long events) {
            for (int i = 0; i < newest; i++) {
                int drawn = i + (int) (Noise.at(events & Noise.WORD, i) % (before.length - i));
                float value = before[drawn];
                before[drawn] = before[i];
                before[i] = value;
            }
        }

        /** Largest difference between the shares of both that are no larger than some value. */
        private double distance() {
            int most = 0;
            for (int i = 0; i < newest; i++) {
                most = Math.max(most, Math.max(difference(after[i]), difference(before[i])));
            }
            return (double) most / newest;
        }

        private int difference(float value) {
            int difference = 0;
            for (int i = 0; i < newest; i++) {
                difference += (before[i] <= value ? 1 : 0) - (after[i] <= value ? 1 : 0);
            }
            return Math.abs(difference);
        }

        private double sum(float[] values) {
            double sum = 0;
            for (int i = 0; i < newest; i++) {
                sum += values[i];
            }
            return sum;
        }
    }
}
