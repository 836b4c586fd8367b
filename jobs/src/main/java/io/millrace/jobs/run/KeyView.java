package io.millrace.jobs.run;

import io.millrace.models.metrics.KeyTally;
import io.millrace.models.metrics.Scores;

/**
 * One of the busiest keys, as telemetry writes it in JSON.
 *
 * @param key of the model
 * @param missed how many of its events may have been scored before it was watched, at most; the scores are of those since
 * @param scores beside naive baselines, over all its events since then
 * @param faded the same, the older the less
 */
public record KeyView(String key, long missed, Scores scores, Scores faded) {
    /** The view of a tally. */
    public static KeyView of(KeyTally tally) {
        return new KeyView(tally.key(), tally.missed(), Scores.of(tally.overall()), Scores.of(tally.faded()));
    }
}
