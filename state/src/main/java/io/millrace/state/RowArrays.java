package io.millrace.state;

import java.util.Arrays;

/** A slab of plain arrays, one per slot, made when the slot is first written; {@link #row} gives the array itself. */
public final class RowArrays implements LiveRows.Slab {
    private static final float[] UNUSED = {};

    private final float[][] rows;

    /**
     * @param slots number of rows, at least 1
     */
    public RowArrays(int slots) {
        rows = new float[slots][];
        Arrays.fill(rows, UNUSED);
    }

    @Override
    public int slots() {
        return rows.length;
    }

    @Override
    public void write(int slot, float[] row) {
        if (rows[slot].length != row.length) {
            rows[slot] = new float[row.length];
        }
        System.arraycopy(row, 0, rows[slot], 0, row.length);
    }

    @Override
    public void read(int slot, float[] row) {
        System.arraycopy(rows[slot], 0, row, 0, row.length);
    }

    /** The row of a slot that was written, to be changed in place. */
    public float[] row(int slot) {
        return rows[slot];
    }
}
