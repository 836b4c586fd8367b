package io.millrace.jobs.run;

import java.io.Serializable;

/**
 * How a file is learnt whose end is held out: all but the end, once or several times over, in order, without being
 * scored; then the end is predicted and scored, and not learnt.
 *
 * @param share of the file's records that are held out, in (0, 1); those at its end
 * @param passes how often the others are learnt, at least 1
 */
public record HeldOut(double share, int passes) implements Serializable {
    public HeldOut {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share=" + share + " must be in (0, 1)");
        }
        if (passes < 1) {
            throw new IllegalArgumentException("passes=" + passes + " must be >= 1");
        }
    }

    /** How many of a file's records are learnt. */
    long learnt(long records) {
        return records - Math.round(records * share);
    }
}
