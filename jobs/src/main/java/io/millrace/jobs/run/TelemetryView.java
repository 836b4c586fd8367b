package io.millrace.jobs.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry as it is written to a topic, in JSON.
 *
 * @param at when it was put together, milliseconds since 1970 UTC
 * @param window over the events since the last telemetry
 * @param recent scores over the last events
 * @param faded scores over all events, the older the less
 * @param overall over all events of the job
 * @param keys the busiest keys one by one, the busiest first
 */
public record TelemetryView(long at, Stretch window, Scores recent, Scores faded, Stretch overall, List<KeyView> keys) {
    public TelemetryView {
        keys = keys == null ? List.of() : List.copyOf(keys); // as in records of before there were any
    }

    /**
     * A stretch of events.
     *
     * @param predictions emitted
     * @param updates taken by models
     * @param deadLetters events that could not be read or learnt
     * @param models that came into being
     * @param drifts how often a model's errors were found to have risen
     * @param expired models that were forgotten because their keys were silent
     * @param resets of models that refused one step after the other
     * @param latencyP50Millis median time from an event's timestamp to its prediction, milliseconds
     * @param latencyP99Millis the same for the slowest hundredth
     * @param labels what became of labels that come later; absent where every event brings its own
     * @param scores beside naive baselines
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stretch(
            long predictions,
            long updates,
            long deadLetters,
            long models,
            long drifts,
            long expired,
            long resets,
            @Nullable Double latencyP50Millis,
            @Nullable Double latencyP99Millis,
            @Nullable LabelsView labels,
            Scores scores) {

        static Stretch of(Tally tally) {
            return new Stretch(
                    tally.predictions(),
                    tally.updates(),
                    tally.deadLetters(),
                    tally.models(),
                    tally.drifts(),
                    tally.expired(),
                    tally.resets(),
                    known(tally.latencyMillis(50)),
                    known(tally.latencyMillis(99)),
                    LabelsView.of(tally.joins()),
                    Scores.of(tally));
        }

        private static @Nullable Double known(double figure) {
            return Double.isNaN(figure) ? null : figure;
        }
    }

    /** The view of one telemetry. */
    public static TelemetryView of(Telemetry telemetry) {
        return new TelemetryView(
                telemetry.at(),
                Stretch.of(telemetry.window()),
                Scores.of(telemetry.recent()),
                Scores.of(telemetry.faded()),
                Stretch.of(telemetry.overall()),
                Arrays.stream(telemetry.overall().keys()).map(KeyView::of).toList());
    }
}
