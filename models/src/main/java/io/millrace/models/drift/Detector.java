package io.millrace.models.drift;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What tells that a stream has changed for the worse. The {@code permits} clause is the catalogue that job files choose
 * from.
 *
 * <p>Some papers also know a weaker level, of warning; it has no effect here and is left out.
 */
public sealed interface Detector extends Serializable permits Adwin, Ddm, Eddm, HddmA, PageHinkley, Kswin {

    /** Number of floats that it remembers things in; all zero before the first value. */
    int floats();

    /**
     * The detector over a stretch of a row; belongs to one thread.
     *
     * @param at where its {@link #floats} start
     */
    Sentinel sentinel(int at);

    /** A test of a row that forgets everything at an alarm. */
    default Sentinel forgetful(int at, Sentinel test) {
        return (row, value) -> {
            boolean risen = test.update(row, value);
            if (risen) {
                Arrays.fill(row, at, at + floats(), 0);
            }
            return risen;
        };
    }

    /** True if values must be 0 (right) or 1 (wrong); otherwise they may be anything in [0, 1]. */
    default boolean binary() {
        return false;
    }
}
