package io.millrace.operators;

/** Where the event-by-event executor finds the row of the operator's current key. */
interface Rows {
    /**
     * The key's row, or a new one, to be changed in place. A new row is kept only if it may change.
     *
     * @param changes whether the caller may change the row
     */
    float[] row(String key, boolean changes) throws Exception;

    /** Puts every changed row into keyed state. */
    default void writeBack() throws Exception {}
}
