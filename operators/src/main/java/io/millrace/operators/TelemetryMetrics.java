package io.millrace.operators;

import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The latest telemetry as gauges in a metric group {@code millrace}, for Flink's reporters: what was counted since the
 * job's first start, in the group {@code labels} what became of labels that come later, the latencies of the last window,
 * and in the group {@code recent} every score over the sliding window, named as in {@link Scores}. NaN where a figure is
 * undefined.
 */
final class TelemetryMetrics {
    private volatile Tally overall = Tally.NONE;
    private volatile Tally window = Tally.NONE;
    private volatile Scores recent = Scores.of(Sums.NONE);

    TelemetryMetrics(MetricGroup metrics) {
        MetricGroup group = metrics.addGroup("millrace");
        group.gauge("predictions", () -> overall.predictions());
        group.gauge("updates", () -> overall.updates());
        group.gauge("deadLetters", () -> overall.deadLetters());
        group.gauge("models", () -> overall.models());
        group.gauge("drifts", () -> overall.drifts());
        group.gauge("expired", () -> overall.expired());
        group.gauge("resets", () -> overall.resets());
        group.gauge("latencyP50Millis", () -> window.latencyMillis(50));
        group.gauge("latencyP99Millis", () -> window.latencyMillis(99));
        MetricGroup labels = group.addGroup("labels");
        labels.gauge("pending", () -> overall.joins().pending());
        for (Fate fate : Fate.values()) {
            labels.gauge(
                    fate.name().toLowerCase(Locale.ROOT), () -> overall.joins().count(fate));
        }
        register(group.addGroup("recent"), Scores.class, () -> recent);
    }

    void show(Telemetry telemetry) {
        overall = telemetry.overall();
        window = telemetry.window();
        recent = Scores.of(telemetry.recent());
    }

    private static void register(MetricGroup group, Class<?> figures, Supplier<@Nullable Object> source) {
        for (RecordComponent part : figures.getRecordComponents()) {
            Supplier<@Nullable Object> value = () -> read(part, source.get());
            if (part.getType().isRecord()) {
                register(group.addGroup(part.getName()), part.getType(), value);
            } else {
                group.gauge(
                        part.getName(), () -> value.get() instanceof Number known ? known.doubleValue() : Double.NaN);
            }
        }
    }

    private static @Nullable Object read(RecordComponent part, @Nullable Object source) {
        try {
            return source == null ? null : part.getAccessor().invoke(source);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("records of scores are public", e);
        }
    }
}
