package io.millrace.operators;

import io.millrace.state.records.Sample;

/** Where the event-by-event executor finds the row of the operator's current key. */
interface Rows {
    /**
     * The row for a sample of the operator's current key, or a new one, to be changed in place. A new row is kept, and a row
     * may change, only if the sample is labelled. The current key may be another afterwards.
     */
    float[] row(Sample sample) throws Exception;

    /** Puts every changed row into keyed state. */
    default void writeBack() throws Exception {}

    /** Puts a key's row into keyed state, where alone it is from now on. */
    default void release(String key) throws Exception {}
}
