package io.millrace.state;

/** What is done with saved rows of another layout than the job's. */
public enum LayoutChange {
    /** The job does not start, and says how the layouts differ. */
    REFUSE,
    /** Ranges of the same name and shape are carried over; the rest begins anew. */
    TRANSFER,
    /** Every model begins anew. */
    RESTART
}
