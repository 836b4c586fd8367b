package io.millrace.operators;

import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;

/**
 * How the learning goes.
 *
 * @param at when it was put together, milliseconds since 1970 UTC
 * @param window the events since the last telemetry
 * @param recent over the last events, see {@link Span#recent}
 * @param faded over all events, the older the less, see {@link Span#halfLife}
 * @param overall the events since the job's first start, and the busiest keys one by one
 */
public record Telemetry(long at, Tally window, Sums recent, Sums faded, Tally overall) {

    /**
     * Over how many events the scores of a stretch go, all subtasks together.
     *
     * @param recent events in a sliding window; up to a fiftieth more, or a window more if windows are larger
     * @param halfLife events after which an event counts half; those of one window count alike
     */
    public record Span(long recent, long halfLife) {
        /** What a job file gets that does not say. */
        public static final Span DEFAULT = new Span(10_000, 2_000);

        public Span {
            if (recent < 1 || halfLife < 1) {
                throw new IllegalArgumentException("recent=" + recent + " and halfLife=" + halfLife + " must be >= 1");
            }
        }
    }
}
