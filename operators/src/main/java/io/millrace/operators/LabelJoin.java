package io.millrace.operators;

import java.io.Serializable;
import java.time.Duration;

/**
 * How labels that come later meet their events, by key and event id.
 *
 * @param timeout event time after an event in which its label may come; more than zero, at most 100 years
 * @param onTimeout label of an event that got none in that time, [target.labelWidth]; [0] to drop the event
 * @param atMost events per key that wait; as many early labels, and as many events that wait no longer, are remembered
 */
public record LabelJoin(Duration timeout, float[] onTimeout, int atMost) implements Serializable {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public LabelJoin {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout=" + timeout + " must be > 0 and at most 36500 days");
        }
        if (atMost < 1) {
            throw new IllegalArgumentException("atMost=" + atMost + " must be >= 1");
        }
    }

    /** Events without a label in time are dropped. */
    public static LabelJoin within(Duration timeout) {
        return new LabelJoin(timeout, new float[0], 1000);
    }
}
