package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.state.LiveRows;
import io.millrace.state.RowArrays;
import io.millrace.state.records.Sample;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;

/**
 * Rows in front of keyed state that stores bytes, as RocksDB does: those used last are arrays on the heap, which spares
 * reading and writing bytes for every event.
 */
final class RowsInCache implements Rows {
    private final RowArrays arrays;
    private final KeptRows kept;
    private final LiveRows live;

    /**
     * @param currentKey makes a key the one whose state is read and written
     * @param bytes that the arrays may take
     */
    RowsInCache(
            Program program,
            ValueState<float[]> state,
            Lifecycle lifecycle,
            Consumer<String> currentKey,
            long bytes,
            LearnerMetrics metrics) {
        int width = program.layout().width();
        arrays = new RowArrays(LiveRows.slots(bytes, width));
        kept = new KeptRows(state, lifecycle, currentKey, slot -> program.lastSeen(arrays.row(slot)));
        live = new LiveRows(arrays, kept, width);
        metrics.cache(live);
    }

    @Override
    public float[] row(Sample sample) throws Exception {
        kept.meet(sample, live);
        return arrays.row(live.slot(sample.key(), sample.labelled()));
    }

    @Override
    public void writeBack() throws Exception {
        live.writeBack();
    }

    @Override
    public void release(String key) throws Exception {
        live.release(key);
    }
}
