package io.millrace.models.layer;

/**
 * How far running statistics look back. A running mean moves by {@code 1 / n} of the way to its {@code n}-th sample;
 * where {@code n} stops growing, what is older decays exponentially.
 */
final class Memory {
    /** Where a float stops counting. */
    static final float LONGEST = 1 << 24;

    private Memory() {}

    /**
     * Where {@code n} stops growing, so that a sample weighs half after {@code halfLife} further ones.
     *
     * @param halfLife at least 1
     * @return in [2, 2^24]
     */
    static float samples(double halfLife) {
        return (float) Math.min(-1 / Math.expm1(-Math.log(2) / halfLife), LONGEST);
    }
}
