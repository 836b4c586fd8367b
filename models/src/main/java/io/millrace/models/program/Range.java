package io.millrace.models.program;

import java.util.List;

/**
 * A named stretch of a row.
 *
 * @param section which part of the row it lies in
 * @param name unique in its row, as in {@code 1.dense.weight}
 * @param shape its dimensions, row-major
 * @param offset of its first float within the section
 * @param units the dimension that counts the units of a layer, whose incoming weights lie along the other; -1 if there
 *     is none such
 */
public record Range(Section section, String name, List<Integer> shape, int offset, int units) {

    /** The parts of a row, in their order. */
    public enum Section {
        /** What the optimizer moves. */
        PARAMETERS,
        /** What the optimizer remembers of each parameter. */
        SLOTS,
        /** Running statistics of normalizers and losses. */
        BUFFERS,
        /** Updates, salt and last label. */
        COUNTERS
    }

    public Range {
        shape = List.copyOf(shape);
    }

    /** Number of floats. */
    public int length() {
        return Math.toIntExact(floats());
    }

    /** Number of floats, however many. */
    long floats() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
