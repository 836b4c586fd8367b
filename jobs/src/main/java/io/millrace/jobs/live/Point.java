package io.millrace.jobs.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.jobs.run.TelemetryView;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Scores.Baseline;
import org.jspecify.annotations.Nullable;

/**
 * What one record of telemetry adds to the curves. Scores are those that fade, so that a point stands for the events
 * around it, and no other point is needed to read it.
 *
 * @param at when the telemetry was put together, milliseconds since 1970 UTC
 * @param events predicted so far
 * @param score accuracy of classes, mean absolute error of values
 * @param noChange the same of repeating the key's last label
 * @param majority the same of always saying the most frequent class; null for values
 * @param loss log-loss of classes, in nats; root mean squared error of values
 * @param naiveLoss the same of saying the frequencies of the classes, or the mean
 * @param p50 median time from event to prediction since the telemetry before, milliseconds
 * @param p99 the same for the slowest hundredth
 * @param drifts alarms so far
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Point(
        long at,
        long events,
        @Nullable Double score,
        @Nullable Double noChange,
        @Nullable Double majority,
        @Nullable Double loss,
        @Nullable Double naiveLoss,
        @Nullable Double p50,
        @Nullable Double p99,
        long drifts) {

    static Point of(TelemetryView telemetry) {
        Scores scores = telemetry.faded();
        boolean values = scores.mae() != null;
        Baseline noChange = scores.baselines().noChange();
        Baseline majority = scores.baselines().majorityClass();
        Baseline mean = scores.baselines().mean();
        return new Point(
                telemetry.at(),
                telemetry.overall().predictions(),
                values ? scores.mae() : scores.accuracy(),
                values ? noChange.mae() : noChange.accuracy(),
                majority == null ? null : majority.accuracy(),
                values ? scores.rmse() : scores.logLoss(),
                mean != null ? mean.rmse() : majority == null ? null : majority.logLoss(),
                telemetry.window().latencyP50Millis(),
                telemetry.window().latencyP99Millis(),
                telemetry.overall().drifts());
    }
}
