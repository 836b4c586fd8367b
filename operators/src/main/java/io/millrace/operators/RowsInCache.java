package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.state.LiveRows;
import io.millrace.state.RowArrays;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;

/**
 * Rows in front of keyed state that stores bytes, as RocksDB does: those used last are arrays on the heap, which spares
 * reading and writing bytes for every event.
 */
final class RowsInCache implements Rows, LiveRows.Store {
    private final Program program;
    private final ValueState<float[]> state;
    private final Consumer<String> currentKey;
    private final RowArrays arrays;
    private final LiveRows live;

    /**
     * @param currentKey makes a key the one whose state is read and written
     * @param bytes that the arrays may take
     */
    RowsInCache(Program program, ValueState<float[]> state, Consumer<String> currentKey, long bytes) {
        this.program = program;
        this.state = state;
        this.currentKey = currentKey;
        int width = program.layout().width();
        arrays = new RowArrays(LiveRows.slots(bytes, width));
        live = new LiveRows(arrays, this, width);
    }

    @Override
    public float[] row(String key, boolean changes) throws Exception {
        return arrays.row(live.slot(key, changes));
    }

    @Override
    public void writeBack() throws Exception {
        live.writeBack();
    }

    @Override
    public float[] load(String key) throws Exception {
        currentKey.accept(key);
        float[] row = state.value();
        return row == null ? program.initialRow(key) : row;
    }

    @Override
    public void save(String key, float[] row) throws Exception {
        currentKey.accept(key);
        state.update(row);
    }
}
