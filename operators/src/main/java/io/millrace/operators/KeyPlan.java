package io.millrace.operators;

import java.io.Serializable;

/**
 * Which keys are scored one by one, beside all together: those with the most scored events.
 *
 * @param keys how many, at most {@value #MOST}; 0 for none
 * @param halfLife events of a key after which one of its events counts half in its faded scores
 */
public record KeyPlan(int keys, long halfLife) implements Serializable {
    /** More keys would be more than a record of telemetry, or a reader of it, can take in. */
    public static final int MOST = 100;

    /** What a job file gets that does not say. */
    public static final KeyPlan DEFAULT = new KeyPlan(10, Telemetry.Span.DEFAULT.halfLife());

    public KeyPlan {
        if (keys < 0 || keys > MOST) {
            throw new IllegalArgumentException("keys=" + keys + " must be in [0, " + MOST + "]");
        }
        if (halfLife < 1) {
            throw new IllegalArgumentException("halfLife=" + halfLife + " must be >= 1");
        }
    }
}
