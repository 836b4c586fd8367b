package io.millrace.operators;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.runtime.state.FullSnapshotResources;
import org.apache.flink.runtime.state.KeyValueStateIterator;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.jspecify.annotations.Nullable;

/**
 * Frozen rows of any back end: the bytes that a savepoint would hold, which Flink freezes in next to no time. They are gone
 * through twice, for the keys and for the rows, since memory need not hold all rows.
 *
 * <p>On the heap that takes half as long again as {@link FrozenTable}, because each row becomes bytes twice. RocksDB does
 * not close before the rows are released.
 */
final class FrozenBytes implements FrozenRows {
    private final FullSnapshotResources<String> frozen;
    private final int state; // the rows' number among all that the back end holds
    private final TypeSerializer<float[]> serializer;
    private final int groupBytes; // of the key group that stands before a key
    private final DataInputDeserializer bytes = new DataInputDeserializer();
    private final float[] row;
    private @Nullable KeyValueStateIterator next; // row

    /**
     * Freezes the rows that there are now; called by the thread that changes them.
     *
     * @param name of the state
     * @param keyGroups of the job
     */
    FrozenBytes(
            CheckpointableKeyedStateBackend<String> backend,
            String name,
            TypeSerializer<float[]> serializer,
            int keyGroups)
            throws Exception {
        this.serializer = serializer.duplicate(); // for the other thread
        row = serializer.createInstance();
        groupBytes = CompositeKeySerializationUtils.computeRequiredBytesInKeyGroupPrefix(keyGroups);
        frozen = backend.savepoint().getSnapshotResources();
        state = number(frozen.getMetaInfoSnapshots(), name);
    }

    private static int number(List<StateMetaInfoSnapshot> states, String name) {
        for (int i = 0; i < states.size(); i++) {
            StateMetaInfoSnapshot state = states.get(i);
            if (state.getName().equals(name) && state.getBackendStateType() == BackendStateType.KEY_VALUE) {
                return i;
            }
        }
        throw new IllegalStateException("no state " + name);
    }

    @Override
    public List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        try (KeyValueStateIterator all = frozen.createKVStateIterator()) {
            for (; find(all); all.next()) {
                keys.add(key(all));
            }
        }
        return keys;
    }

    @Override
    public float[] row(String key) throws IOException {
        if (next == null) {
            next = frozen.createKVStateIterator();
        }
        if (!find(next) || !key(next).equals(key)) {
            throw new IllegalStateException("the row of " + key + " is not the next");
        }
        bytes.setBuffer(next.value());
        serializer.deserialize(row, bytes);
        next.next();
        return row;
    }

    /** Goes on to a row, unless there is one; false if none is left. */
    private boolean find(KeyValueStateIterator all) throws IOException {
        while (all.isValid() && all.kvStateId() != state) {
            all.next();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("nobody waits for the rows any more");
        }
        return all.isValid();
    }

    private String key(KeyValueStateIterator entry) throws IOException {
        bytes.setBuffer(entry.key());
        CompositeKeySerializationUtils.readKeyGroup(groupBytes, bytes);
        return CompositeKeySerializationUtils.readKey(StringSerializer.INSTANCE, bytes, false);
    }

    @Override
    public void release() {
        if (next != null) {
            next.close();
        }
        frozen.release();
    }
}
