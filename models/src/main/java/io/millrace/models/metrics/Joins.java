package io.millrace.models.metrics;

import java.util.Arrays;

/**
 * How labels that come later met their events: plain sums, merged in any order. Arrays are never written to.
 *
 * @param counts how often each {@link Fate} came about, by its index; [0] if none did
 * @param delay from an event's time to its label's, milliseconds, as an encoded HdrHistogram; [0] if empty
 */
public record Joins(long[] counts, byte[] delay) {
    /** Nothing was awaited and no label came on its own. */
    public static final Joins NONE = new Joins(new long[0], new byte[0]);

    /** How often a fate came about. */
    public long count(Fate fate) {
        return counts.length == 0 ? 0 : counts[fate.index];
    }

    /** True if nothing at all came about. */
    public boolean none() {
        return counts.length == 0;
    }

    /** How many events wait for a label now; of a window, by how many more than before. */
    public long pending() {
        return count(Fate.AWAITED) - decided();
    }

    /** The share of events that met their label among those that wait no longer; NaN if all wait. */
    public double rate() {
        return count(Fate.JOINED) / (double) decided();
    }

    private long decided() {
        return count(Fate.JOINED) + count(Fate.NEVER) + count(Fate.EVICTED);
    }

    /** The delay below which the given percentage of the labels came, milliseconds; NaN without labels. */
    public double delayMillis(double percentile) {
        return Tally.percentile(delay, percentile);
    }

    /** Both stretches together. */
    Joins plus(Joins other) {
        if (none()) {
            return other;
        }
        long[] sums = Arrays.copyOf(counts, counts.length);
        for (int fate = 0; fate < other.counts.length; fate++) {
            sums[fate] += other.counts[fate];
        }
        return new Joins(sums, Tally.merged(delay, other.delay));
    }
}
