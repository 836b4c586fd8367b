package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.state.records.Sample;

/** Where a pace sends what came of its samples. */
interface Outcomes {
    /**
     * Takes what came of a sample, in order per key; the operator's current key may be any.
     *
     * @param outcome overwritten afterwards
     */
    void emit(Sample sample, Outcome outcome) throws Exception;
}
