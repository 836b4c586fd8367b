package io.millrace.models.drift;

/**
 * Doubles in a row of floats, to the last bit: detectors count beyond 2^24 and add up for ever.
 *
 * <p>A double is three whole numbers below 2^22, which a float holds exactly. The bits of a half of a double would do
 * with two floats, but some of them are a NaN or a denormal, which a copy may quieten or flush to zero; whole numbers
 * survive everything that a weight survives. Three zeros are 0.
 */
final class Doubles {
    /** Floats per double. */
    static final int FLOATS = 3;

    private static final int BITS = 21; // of the two lower numbers; the highest has the other 22
    private static final long LOWEST = (1L << BITS) - 1;

    private Doubles() {}

    static double get(float[] row, int at) {
        long high = (long) row[at] << (2 * BITS);
        long middle = (long) row[at + 1] << BITS;
        return Double.longBitsToDouble(high | middle | (long) row[at + 2]);
    }

    static void put(float[] row, int at, double value) {
        long bits = Double.doubleToRawLongBits(value);
        row[at] = bits >>> (2 * BITS);
        row[at + 1] = (bits >>> BITS) & LOWEST;
        row[at + 2] = bits & LOWEST;
    }

    /** Adds to what is stored, and returns the sum. */
    static double add(float[] row, int at, double term) {
        double sum = get(row, at) + term;
        put(row, at, sum);
        return sum;
    }
}
