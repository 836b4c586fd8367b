package io.millrace.operators;

import io.millrace.state.records.Sample;

/** How samples reach an executor: one at a time, or gathered into micro-batches. In arrival order for every key. */
interface Pace extends AutoCloseable {
    /** Takes the next sample; the operator's current key is the sample's. */
    void accept(Sample sample) throws Exception;

    /** True if a sample of a key was accepted and not yet executed. */
    default boolean holds(String key) {
        return false;
    }

    /** Executes whatever was accepted and not yet executed. */
    default void flush() throws Exception {}

    /** Puts every changed row into keyed state. */
    default void writeBack() throws Exception {}

    /** Puts a key's row into keyed state, where alone it is from now on. */
    default void release(String key) throws Exception {}

    @Override
    default void close() {}
}
