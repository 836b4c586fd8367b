package io.millrace.operators;

import io.millrace.state.LiveRows;
import io.millrace.state.records.Sample;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.apache.flink.api.common.state.ValueState;

/** Rows in keyed state behind those that are live: fetched as the sample at hand finds them, and stored again. */
final class KeptRows implements LiveRows.Store {
    private final ValueState<float[]> state;
    private final Lifecycle lifecycle;
    private final Consumer<String> currentKey;
    private final IntToLongFunction lastSeen;
    private long now; // time of the sample at hand

    /**
     * @param currentKey makes a key the one whose state is read and written
     * @param lastSeen of the live row in a slot
     */
    KeptRows(ValueState<float[]> state, Lifecycle lifecycle, Consumer<String> currentKey, IntToLongFunction lastSeen) {
        this.state = state;
        this.lifecycle = lifecycle;
        this.currentKey = currentKey;
        this.lastSeen = lastSeen;
    }

    /** Prepares for a sample: a row of its key that has expired for it lives no longer. */
    void meet(Sample sample, LiveRows live) throws Exception {
        now = sample.time();
        if (lifecycle.expire()) {
            int slot = live.find(sample.key());
            if (slot >= 0 && lifecycle.isStale(lastSeen.applyAsLong(slot), now)) {
                live.release(sample.key());
            }
        }
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
