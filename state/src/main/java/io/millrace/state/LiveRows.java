package io.millrace.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bounded cache of rows in front of keyed state: each live key has a slot of a slab, the least recently used key
 * leaves first, and changed rows are written back when they leave or on {@link #writeBack}. Belongs to one thread.
 */
public final class LiveRows {

    /** Where live rows are kept: an executor's memory. */
    public interface Slab {
        int slots();

        /** Copies a row into a slot. */
        void write(int slot, float[] row);

        /** Copies a slot into a row. */
        void read(int slot, float[] row);
    }

    /** Where rows are kept for good. */
    public interface Store {
        /** The key's row, or a new one. */
        float[] load(String key) throws Exception;

        /** Stores a row that this class will not touch again. */
        void save(String key, float[] row) throws Exception;
    }

    private static final class Entry {
        final int slot;
        boolean dirty;

        Entry(int slot) {
            this.slot = slot;
        }
    }

    private final Slab slab;
    private final Store store;
    private final int width;
    private final LinkedHashMap<String, Entry> live = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<Integer> free = new ArrayDeque<>();

    /**
     * @param slab must hold all rows that are used together
     * @param width floats per row
     */
    public LiveRows(Slab slab, Store store, int width) {
        this.slab = slab;
        this.store = store;
        this.width = width;
        for (int slot = 0; slot < slab.slots(); slot++) {
            free.add(slot);
        }
    }

    /**
     * The slot of a key's row, loaded if need be.
     *
     * @param changes whether the caller may change the row there
     */
    public int slot(String key, boolean changes) throws Exception {
        Entry entry = live.get(key);
        if (entry == null) {
            if (free.isEmpty()) {
                evictEldest();
            }
            entry = new Entry(free.remove());
            slab.write(entry.slot, store.load(key));
            live.put(key, entry);
        }
        entry.dirty |= changes;
        return entry.slot;
    }

    private void evictEldest() throws Exception {
        Map.Entry<String, Entry> eldest = live.entrySet().iterator().next();
        save(eldest.getKey(), eldest.getValue());
        live.remove(eldest.getKey());
        free.add(eldest.getValue().slot);
    }

    /** Stores every changed row; all stay live. */
    public void writeBack() throws Exception {
        for (Map.Entry<String, Entry> entry : live.entrySet()) {
            save(entry.getKey(), entry.getValue());
        }
    }

    private void save(String key, Entry entry) throws Exception {
        if (entry.dirty) {
            float[] row = new float[width];
            slab.read(entry.slot, row);
            store.save(key, row);
            entry.dirty = false;
        }
    }
}
