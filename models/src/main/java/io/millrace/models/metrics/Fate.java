package io.millrace.models.metrics;

/**
 * What may become of an event that waits for its label, and of a label that comes on its own. Every event that is
 * awaited ends as joined, never or evicted, or still waits.
 */
public enum Fate {
    /** An event was predicted whose label is to be learnt. */
    AWAITED(0),
    /** A label met its event: the prediction given then is scored, and the event learnt. */
    JOINED(1),
    /** A label came after its event's timeout: ignored. */
    LATE(2),
    /** A label came before its event: kept until that comes or the timeout is over. */
    EARLY(3),
    /** A label said again what is known already, or an event came again while it waits: ignored. */
    TWICE(4),
    /** A label contradicted an earlier one: learnt in addition, never scored. */
    CORRECTED(5),
    /** An event's timeout was over without a label: dropped, or the assumed label was learnt and scored. */
    NEVER(6),
    /** A label's timeout was over without an event: forgotten. */
    UNKNOWN(7),
    /** A waiting event was forgotten because too many of its key waited, or because the job has other features or classes since. */
    EVICTED(8),
    /** An early label was forgotten for the same reasons: its event will wait in vain. */
    EVICTED_LABEL(9);

    /** How many fates there are. */
    static final int COUNT = values().length;

    /** Where a fate is counted in {@link Joins}, also in those that a checkpoint holds: it never changes. */
    final int index;

    Fate(int index) {
        this.index = index;
    }
}
