package io.millrace.operators;

import java.io.IOException;
import java.util.List;

/**
 * The rows that keyed state holds at a moment, for another thread to read while they change. Whoever reads them releases
 * them, so that nobody does so under a thread that reads.
 */
interface FrozenRows {
    /** The keys of all rows, in any order; call it once. */
    List<String> keys() throws IOException;

    /**
     * The row of each key, asked for in the order of the keys.
     *
     * @return valid until the next call
     */
    float[] row(String key) throws IOException;

    /** Lets the back end treat rows as ever, and close. */
    void release();
}
