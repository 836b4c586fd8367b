package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.state.records.Sample;
import org.apache.flink.api.common.state.ValueState;

/**
 * Rows in keyed state on the heap: each is the state's own object and is changed there, which Flink allows by copying
 * it on its first access after a checkpoint began.
 */
record RowsInPlace(Program program, ValueState<float[]> state, Lifecycle lifecycle) implements Rows {
    @Override
    public float[] row(Sample sample) throws Exception {
        float[] row = lifecycle.row(sample.key(), sample.time());
        if (sample.labelled() && program.lastSeen(row) == Program.NEVER) {
            state.update(row);
        }
        return row;
    }
}
