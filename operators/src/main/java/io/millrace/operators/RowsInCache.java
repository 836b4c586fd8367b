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
final class RowsInCache implements Rows, LiveRows.Store {
    private final Program program;
    private final ValueState<float[]> state;
    private final Lifecycle lifecycle;
    private final Consumer<String> currentKey;
    private final RowArrays arrays;
    private final LiveRows live;
    private long now; // time of the event that a row is fetched for

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
        this.program = program;
        this.state = state;
        this.lifecycle = lifecycle;
        this.currentKey = currentKey;
        int width = program.layout().width();
        arrays = new RowArrays(LiveRows.slots(bytes, width));
        live = new LiveRows(arrays, this, width);
        metrics.cache(live);
    }

    @Override
    public float[] row(Sample sample) throws Exception {
        now = sample.time();
        if (lifecycle.expire()) {
            int slot = live.find(sample.key());
            if (slot >= 0 && lifecycle.isStale(program.lastSeen(arrays.row(slot)), now)) {
                live.release(sample.key());
            }
        }
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

    @Override
    public float[] load(String key) throws Exception {
        currentKey.accept(key);
        return lifecycle.row(key, now);
    }

    @Override
    public void save(String key, float[] row) throws Exception {
        currentKey.accept(key);
        state.update(row);
    }
}
