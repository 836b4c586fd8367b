package io.millrace.operators;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When snapshots are taken: at the first checkpoint after the period or the number of events since the last one,
 * and when the input ends.
 *
 * @param directory URI of the directory that holds the snapshots
 * @param period null if only events count
 * @param events over all subtasks; 0 if only time counts
 * @param spec text that goes into each manifest
 */
public record SnapshotPlan(String directory, @Nullable Duration period, long events, String spec)
        implements Serializable {
    public SnapshotPlan {
        if (period != null && (period.isNegative() || period.isZero())) {
            throw new IllegalArgumentException("period=" + period + " must be > 0");
        }
        if (events < 0) {
            throw new IllegalArgumentException("events=" + events + " must be >= 0");
        }
    }
}
