package io.millrace.operators;

import io.millrace.state.records.Sample;

/** How samples reach an executor: one at a time, or gathered into micro-batches. In arrival order for every key. */
interface Pace extends AutoCloseable {
    /** Takes the next sample; the operator's current key is the sample's. */
    void accept(Sample sample) throws Exception;

    /** Executes whatever was accepted and not yet executed. */
    default void flush() throws Exception {}

    /** Puts every changed row into keyed state. */
    default void writeBack() throws Exception {}

    @Override
    default void close() {}
}
