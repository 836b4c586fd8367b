package io.millrace.operators;

import java.io.Serializable;

/**
 * How the rows of a learner are kept.
 *
 * @param cacheBytes of rows that each subtask holds in front of keyed state, where it holds any: before state that
 *     stores bytes, as RocksDB does, and in PyTorch's memory
 */
public record StatePlan(long cacheBytes) implements Serializable {

    /** 256 MiB of live rows. */
    public static final StatePlan DEFAULT = new StatePlan(256L << 20);

    public StatePlan {
        if (cacheBytes < 1) {
            throw new IllegalArgumentException("cacheBytes=" + cacheBytes + " must be >= 1");
        }
    }
}
