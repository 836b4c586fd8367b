package io.millrace.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A bounded cache of rows in front of keyed state: each live key has a slot of a slab, the least recently used key
 * leaves first, and changed rows are written back when they leave or on {@link #writeBack}. Belongs to one thread.
 */
public final class LiveRows {
    private static final int OVERHEAD = 256; // bytes of a key, its entry and its place in the map, about
    private static final int MOST_SLOTS = 1 << 24;

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
        final String key;
        final int slot;
        boolean dirty;

        Entry(String key, int slot) {
            this.key = key;
            this.slot = slot;
        }
    }

    private final Slab slab;
    private final Store store;
    private final int width;
    private final LinkedHashMap<String, Entry> live = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Entry> changed = new LinkedHashSet<>(); // the dirty ones: few of many may be
    private final Deque<Integer> free = new ArrayDeque<>();
    private int used; // slots from here on were never used

    /**
     * @param slab must hold all rows that are used together
     * @param width floats per row
     */
    public LiveRows(Slab slab, Store store, int width) {
        this.slab = slab;
        this.store = store;
        this.width = width;
    }

    /** How many live rows of a width fit into so many bytes, at least one. */
    public static int slots(long bytes, int width) {
        return (int) Math.max(1, Math.min(MOST_SLOTS, bytes / (width * (long) Float.BYTES + OVERHEAD)));
    }

    /**
     * The slot of a key's row, loaded if need be.
     *
     * @param changes whether the caller may change the row there
     */
    public int slot(String key, boolean changes) throws Exception {
        Entry entry = live.get(key);
        if (entry == null) {
            entry = new Entry(key, freeSlot());
            slab.write(entry.slot, store.load(key));
            live.put(key, entry);
        }
        if (changes && !entry.dirty) {
            entry.dirty = true;
            changed.add(entry);
        }
        return entry.slot;
    }

    private int freeSlot() throws Exception {
        if (used < slab.slots()) {
            return used++;
        }
        if (free.isEmpty()) {
            evictEldest();
        }
        return free.remove();
    }

    private void evictEldest() throws Exception {
        Entry eldest = live.values().iterator().next();
        if (eldest.dirty) {
            save(eldest);
            changed.remove(eldest);
        }
        live.remove(eldest.key);
        free.add(eldest.slot);
    }

    /** Stores every changed row; all stay live. */
    public void writeBack() throws Exception {
        for (Entry entry : changed) {
            save(entry);
        }
        changed.clear();
    }

    private void save(Entry entry) throws Exception {
        float[] row = new float[width];
        slab.read(entry.slot, row);
        store.save(entry.key, row);
        entry.dirty = false;
    }
}
