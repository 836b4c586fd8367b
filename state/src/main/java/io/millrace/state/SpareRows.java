package io.millrace.state;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arrays that checkpoints have left behind, for the copies that the next checkpoint makes necessary.
 *
 * <p>On the heap Flink copies a row on its first access after a checkpoint began, and the checkpoint alone keeps the original
 * until it is written: with every checkpoint as many bytes of garbage as there are rows in use, moved by the collector first
 * and then found by it in the old generation. Here the original serves the next checkpoint instead. What one checkpoint
 * did not need is let go, so that memory grows by the rows that change while one is written and no more; and all is let go
 * before memory runs out.
 *
 * <p>Safe for the thread that copies and those that write checkpoints.
 */
public final class SpareRows {
    private final List<Reader> readers = new ArrayList<>();
    private SoftReference<List<float[]>> spare = new SoftReference<>(List.of());

    /** A checkpoint that may read rows as they were at its barrier. */
    private static final class Reader {
        final List<float[]> originals = new ArrayList<>(); // which nobody else can reach
    }

    /**
     * Notes that a checkpoint is to be written from the rows that there are now.
     *
     * @return to be run once, by any thread, when that reads no row any more
     */
    public synchronized Runnable read() {
        Reader reader = new Reader();
        readers.add(reader);
        return () -> release(reader);
    }

    private synchronized void release(Reader reader) {
        readers.remove(reader);
        spare = new SoftReference<>(reader.originals);
    }

    /** A copy of a row that only checkpoints can reach from now on. */
    float[] copy(float[] row) {
        float[] copy = take(row);
        if (copy == null) {
            return row.clone();
        }
        System.arraycopy(row, 0, copy, 0, row.length);
        return copy;
    }

    private synchronized float @Nullable [] take(float[] row) {
        if (readers.size() == 1) { // of several, others may need the row when one has been written
            readers.get(0).originals.add(row);
        }
        List<float[]> left = spare.get();
        if (left == null || left.isEmpty() || left.get(0).length != row.length) {
            return null;
        }
        return left.remove(left.size() - 1);
    }
}
