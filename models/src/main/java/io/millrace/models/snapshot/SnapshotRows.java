package io.millrace.models.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a snapshot by key: the rows stay on disk, an index of 8 bytes per row is kept in memory. Any number of
 * threads may read at once; one that is interrupted while it reads closes the files for all.
 */
public final class SnapshotRows implements Closeable {
    private static final long NUMBER = 0xFFFFFFFFL; // the lower half of an index entry

    private final List<PartReader> parts = new ArrayList<>();
    private long[] index = {}; // hash of the key, then number of the row over all parts; sorted

    private SnapshotRows() {}

    /**
     * Opens the files of a snapshot and reads their keys.
     *
     * @throws IllegalArgumentException if a part is damaged, naming the file and the fault
     */
    public static SnapshotRows of(Snapshot snapshot) throws IOException {
        SnapshotRows rows = new SnapshotRows();
        try {
            for (Manifest.Part part : snapshot.manifest().parts()) {
                rows.parts.add(PartReader.open(snapshot, part));
            }
            rows.readKeys();
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
        return rows;
    }

    private void readKeys() throws IOException {
        index = new long
                [Math.toIntExact(parts.stream().mapToLong(PartReader::rows).sum())];
        int[] number = {0};
        for (PartReader part : parts) {
            part.keys(key -> {
                index[number[0]] = entry(key) | number[0];
                number[0]++;
            });
        }
        Arrays.sort(index);
    }

    private static long entry(String key) {
        return (long) key.hashCode() << Integer.SIZE;
    }

    /** A key's row, a fresh array; null if the snapshot has none. */
    public float @Nullable [] row(String key) throws IOException {
        long hash = entry(key);
        int found = Arrays.binarySearch(index, hash);
        for (int i = found < 0 ? -found - 1 : found; i < index.length && (index[i] & ~NUMBER) == hash; i++) {
            long number = index[i] & NUMBER;
            int part = 0;
            while (number >= parts.get(part).rows()) {
                number -= parts.get(part++).rows();
            }
            if (parts.get(part).key(number).equals(key)) {
                return parts.get(part).row(number);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        for (PartReader part : parts) {
            part.close();
        }
    }
}
