package io.millrace.jobs.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Joins;
import org.jspecify.annotations.Nullable;

/**
 * What became of labels that come later, and of the events that waited for them, as it is written in JSON.
 *
 * @param awaited events that were predicted and whose label was to come
 * @param joined of these met their label
 * @param never of these did not, within the timeout
 * @param evicted of these were forgotten because too many of their key waited
 * @param pending of these wait now; in a window, by how many more than before
 * @param joinRate joined / (joined + never + evicted)
 * @param delayP50Millis median event time from an event to its label, milliseconds
 * @param delayP99Millis the same for the slowest hundredth
 * @param early labels that came before their event
 * @param late labels that came after their event's timeout
 * @param twice labels or waiting events that came again
 * @param corrected labels that contradicted an earlier one
 * @param unknown labels whose event did not come within the timeout
 * @param evictedLabels early labels that were forgotten because too many of their key waited
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LabelsView(
        long awaited,
        long joined,
        long never,
        long evicted,
        long pending,
        @Nullable Double joinRate,
        @Nullable Double delayP50Millis,
        @Nullable Double delayP99Millis,
        long early,
        long late,
        long twice,
        long corrected,
        long unknown,
        long evictedLabels) {

    /** The view of one stretch; null if no label was awaited and none came on its own. */
    static @Nullable LabelsView of(Joins joins) {
        return joins.none()
                ? null
                : new LabelsView(
                        joins.count(Fate.AWAITED),
                        joins.count(Fate.JOINED),
                        joins.count(Fate.NEVER),
                        joins.count(Fate.EVICTED),
                        joins.pending(),
                        known(joins.rate()),
                        known(joins.delayMillis(50)),
                        known(joins.delayMillis(99)),
                        joins.count(Fate.EARLY),
                        joins.count(Fate.LATE),
                        joins.count(Fate.TWICE),
                        joins.count(Fate.CORRECTED),
                        joins.count(Fate.UNKNOWN),
                        joins.count(Fate.EVICTED_LABEL));
    }

    private static @Nullable Double known(double figure) {
        return Double.isNaN(figure) ? null : figure;
    }
}
