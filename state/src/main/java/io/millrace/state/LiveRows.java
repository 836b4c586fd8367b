package io.millrace.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A bounded cache of rows in front of keyed state: each live key has a slot of a slab, the least recently used key
 * leaves first, and changed rows are written back when they leave or on {@link #writeBack}. Belongs to one thread.
 */
public final class LiveRows {
    private static final int OVERHEAD = 256; // bytes of a key, its entry and its place in the map, about
    private static final int MOST_SLOTS = 1 << 24;
    private static final int CHUNK = 256; // most rows on their way to the store at once

    /** Where live rows are kept: an executor's memory. */
    public interface Slab {
        int slots();

        /** Copies a row into a slot. */
        void write(int slot, float[] row);

        /** Copies a slot into a row. */
        void read(int slot, float[] row);

        /** Copies each row into its slot. */
        default void write(int[] slots, List<float[]> rows) {
            for (int i = 0; i < slots.length; i++) {
                write(slots[i], rows.get(i));
            }
        }

        /** Copies each slot into its row. */
        default void read(int[] slots, List<float[]> rows) {
            for (int i = 0; i < slots.length; i++) {
                read(slots[i], rows.get(i));
            }
        }
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
    private long hits;
    private long misses;
    private final List<Entry> arriving = new ArrayList<>(); // whose rows are not in the slab yet
    private final List<float[]> arrivals = new ArrayList<>();
    private final int evicted; // rows that leave at once

    /**
     * Of rows that are used one at a time.
     *
     * @param width floats per row
     */
    public LiveRows(Slab slab, Store store, int width) {
        this(slab, store, width, 1);
    }

    /**
     * @param slab must hold all rows that are used together
     * @param width floats per row
     * @param together the most rows that are reserved from one {@link #arrive} to the next
     */
    public LiveRows(Slab slab, Store store, int width, int together) {
        if (together > slab.slots()) {
            throw new IllegalArgumentException("together=" + together + " must be <= slots=" + slab.slots());
        }
        evicted = Math.min(Math.min(together, CHUNK), (slab.slots() - together) / 2 + 1); // none of those in use
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
        int slot = reserve(key, changes);
        arrive();
        return slot;
    }

    /** As {@link #slot}, but if the row was not live, {@link #arrive} brings it: together with others, at less cost. */
    public int reserve(String key, boolean changes) throws Exception {
        Entry entry = live.get(key);
        if (entry != null) {
            hits++;
        } else {
            misses++;
            entry = new Entry(key, freeSlot());
            arriving.add(entry);
            arrivals.add(store.load(key));
            live.put(key, entry);
        }
        if (changes && !entry.dirty) {
            entry.dirty = true;
            changed.add(entry);
        }
        return entry.slot;
    }

    /** Copies the rows that were reserved into their slots. */
    public void arrive() {
        if (arriving.size() == 1) {
            slab.write(arriving.get(0).slot, arrivals.get(0));
        } else if (!arriving.isEmpty()) {
            slab.write(slots(arriving), arrivals);
        }
        arriving.clear();
        arrivals.clear();
    }

    private static int[] slots(List<Entry> entries) {
        return entries.stream().mapToInt(entry -> entry.slot).toArray();
    }

    /** How many rows are live. As the next two it may be asked by any thread, which may see a moment ago. */
    public int size() {
        return live.size();
    }

    /** How often a row that was wanted was live. */
    public long hits() {
        return hits;
    }

    /** How often a row that was wanted was not live. */
    public long misses() {
        return misses;
    }

    /** The slot of a key's row if it is live, otherwise -1. */
    public int find(String key) {
        Entry entry = live.get(key);
        return entry == null ? -1 : entry.slot;
    }

    /** Stores a key's row, if it is live and has changed; it is not live any more. */
    public void release(String key) throws Exception {
        Entry entry = live.remove(key);
        if (entry != null) {
            free.add(entry.slot);
            if (changed.remove(entry)) {
                save(List.of(entry));
            }
        }
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
        List<Entry> dirty = new ArrayList<>(evicted);
        Iterator<Entry> eldest = live.values().iterator();
        for (int i = 0; i < evicted; i++) {
            Entry entry = eldest.next();
            eldest.remove();
            free.add(entry.slot);
            if (changed.remove(entry)) {
                dirty.add(entry);
            }
        }
        if (!dirty.isEmpty()) {
            save(dirty);
        }
    }

    /** Stores every changed row; all stay live. */
    public void writeBack() throws Exception {
        List<Entry> entries = List.copyOf(changed);
        for (int from = 0; from < entries.size(); from += CHUNK) {
            save(entries.subList(from, Math.min(entries.size(), from + CHUNK)));
        }
        changed.clear();
    }

    private void save(List<Entry> entries) throws Exception {
        List<float[]> rows = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            rows.add(new float[width]);
        }
        slab.read(slots(entries), rows);
        for (int i = 0; i < rows.size(); i++) {
            store.save(entries.get(i).key, rows.get(i));
            entries.get(i).dirty = false;
        }
    }
}
