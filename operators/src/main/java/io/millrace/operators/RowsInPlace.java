package io.millrace.operators;

import io.millrace.models.Program;
import org.apache.flink.api.common.state.ValueState;

/**
 * Rows in keyed state on the heap: each is the state's own object and is changed there, which Flink allows by copying
 * it on its first access after a checkpoint began.
 */
record RowsInPlace(Program program, ValueState<float[]> state) implements Rows {
    @Override
    public float[] row(String key, boolean changes) throws Exception {
        float[] row = state.value();
        if (row == null) {
            row = program.initialRow(key);
            if (changes) {
                state.update(row);
            }
        }
        return row;
    }
}
