package io.millrace.operators;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.IterableStateSnapshot;
import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.heap.AbstractHeapState;
import org.apache.flink.runtime.state.heap.StateTable;

/**
 * Frozen rows of keyed state on the heap: the objects themselves.
 *
 * <p>As a checkpoint does, it notes where the table's entries lie and looks at none, so that a barrier waits for next to
 * nothing: to look at 100,000 entries takes a tenth of a second. Flink copies each row before it is changed, until
 * {@link #release}; if that never comes, it copies each once.
 */
final class FrozenTable implements FrozenRows {
    private final IterableStateSnapshot<String, VoidNamespace, float[]> frozen;
    private final int firstGroup; // of keys
    private final int groups;
    private final List<float[]> rows = new ArrayList<>();
    private Iterator<float[]> next = rows.iterator();

    /**
     * Freezes the rows that there are now; called by the thread that changes them.
     *
     * @param state of which {@link #isOf} is true
     */
    @SuppressWarnings("unchecked") // what a state of the learner's is made of
    FrozenTable(ValueState<float[]> state) {
        StateTable<String, VoidNamespace, float[]> table =
                ((AbstractHeapState<String, VoidNamespace, float[]>) state).getStateTable();
        frozen = table.stateSnapshot();
        firstGroup = table.getKeyGroupOffset();
        groups = table.getState().length;
    }

    /** True if a state is the heap's own; Flink wraps it if it is told to measure how long state takes to answer. */
    static boolean isOf(ValueState<float[]> state) {
        return state instanceof AbstractHeapState;
    }

    @Override
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int group = firstGroup; group < firstGroup + groups; group++) {
            Iterator<StateEntry<String, VoidNamespace, float[]>> entries = frozen.getIterator(group);
            while (entries.hasNext()) {
                StateEntry<String, VoidNamespace, float[]> entry = entries.next();
                keys.add(entry.getKey());
                rows.add(entry.getState());
            }
        }
        next = rows.iterator();
        return keys;
    }

    @Override
    public float[] row(String key) {
        return next.next();
    }

    @Override
    public void release() {
        frozen.release();
    }
}
