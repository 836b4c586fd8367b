package io.millrace.connectors.event;

import java.nio.charset.StandardCharsets;

/**
 * Sorts texts into buckets: the 32-bit MurmurHash3 (x86 variant, seed 0) of the UTF-8 bytes, taken as unsigned,
 * modulo the number of buckets. It is part of what a model has learnt and never changes.
 *
 * @see "A. Appleby, MurmurHash3, 2011 (public domain)"
 */
final class CategoryHash {
    private static final byte[] NOTHING = {};
    private static final int MISSING_SEED = 1;

    private CategoryHash() {}

    /** The bucket of a text, in [0, buckets). */
    static int bucket(String text, int buckets) {
        return Integer.remainderUnsigned(murmur3(text.getBytes(StandardCharsets.UTF_8), 0), buckets);
    }

    /** The bucket of a missing value: that of no bytes under the seed 1, so not that of the empty text. */
    static int missing(int buckets) {
        return Integer.remainderUnsigned(murmur3(NOTHING, MISSING_SEED), buckets);
    }

    static int murmur3(byte[] bytes, int seed) {
        int hash = seed;
        int whole = bytes.length & ~3;
        for (int at = 0; at < whole; at += 4) {
            hash = Integer.rotateLeft(hash ^ scramble(little(bytes, at, 4)), 13) * 5 + 0xe6546b64;
        }
        hash ^= scramble(little(bytes, whole, bytes.length - whole)) ^ bytes.length;
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    private static int scramble(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int little(byte[] bytes, int from, int count) {
        int block = 0;
        for (int i = 0; i < count; i++) {
            block |= (bytes[from + i] & 0xff) << (8 * i);
        }
        return block;
    }
}
