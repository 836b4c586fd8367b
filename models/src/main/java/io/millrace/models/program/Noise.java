package io.millrace.models.program;

/**
 * Random choices that are a function of their place alone, so that a replay repeats them and every executor
 * draws the same.
 *
 * <p>All arithmetic is on 32-bit words held in longs: a tensor of int64 can follow it exactly.
 */
public final class Noise {
    /** Keeps the lower 32 bits. */
    public static final long WORD = 0xFFFFFFFFL;

    /** Multipliers of the mixer's two rounds. */
    public static final long FIRST = 0x85EBCA6BL;

    /** See {@link #FIRST}. */
    public static final long SECOND = 0xC2B2AE35L;

    /** Distance between neighbouring places. */
    public static final long STRIDE = 0x9E3779B9L;

    private Noise() {}

    /**
     * Scrambles a word: the finalizer of MurmurHash3.
     *
     * @param word in [0, 2^32)
     * @return in [0, 2^32)
     * @see "A. Appleby, MurmurHash3, 2011, fmix32"
     */
    public static long mix(long word) {
        long mixed = word;
        mixed ^= mixed >>> 16;
        mixed = (mixed * FIRST) & WORD;
        mixed ^= mixed >>> 13;
        mixed = (mixed * SECOND) & WORD;
        mixed ^= mixed >>> 16;
        return mixed;
    }

    /** The word at a place of a draw, in [0, 2^32). */
    public static long at(long draw, long place) {
        return mix((draw + place * STRIDE) & WORD);
    }
}
