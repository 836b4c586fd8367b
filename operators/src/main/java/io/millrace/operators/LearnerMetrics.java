package io.millrace.operators;

import io.millrace.state.LiveRows;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * What one learner tells of its own work in a metric group {@code millrace}, since its last start: how long steps take, of
 * how many samples micro-batches are, what the cache of live rows does. The learning itself is told by {@link
 * TelemetryMetrics}, for all subtasks together.
 */
final class LearnerMetrics {
    private final Counter refusedSteps;
    private final LastValues learnNanos;
    private final LastValues predictNanos;
    private final LastValues batchSamples;
    private volatile @Nullable LiveRows live;
    private volatile long deviceBytes;

    LearnerMetrics(MetricGroup metrics) {
        MetricGroup group = metrics.addGroup("millrace");
        refusedSteps = group.counter("refusedSteps");
        learnNanos = group.histogram("learnNanos", new LastValues());
        predictNanos = group.histogram("predictNanos", new LastValues());
        batchSamples = group.histogram("batchSamples", new LastValues());
        group.gauge("liveRows", () -> cached(LiveRows::size));
        group.gauge("cacheHits", () -> cached(LiveRows::hits));
        group.gauge("cacheMisses", () -> cached(LiveRows::misses));
        group.gauge("deviceBytes", () -> deviceBytes);
    }

    private long cached(ToLongFunction<LiveRows> figure) {
        LiveRows rows = live;
        return rows == null ? 0 : figure.applyAsLong(rows);
    }

    /** Tells of a cache. */
    void cache(LiveRows rows) {
        live = rows;
    }

    /** Tells how much of a GPU's memory the rows take. */
    void device(long bytes) {
        deviceBytes = bytes;
    }

    /** Tells how long an executor took for a sample, or for a micro-batch. */
    void took(boolean learns, long nanos) {
        (learns ? learnNanos : predictNanos).update(nanos);
    }

    /** Tells of how many samples a micro-batch was. */
    void batch(int samples) {
        batchSamples.update(samples);
    }

    /** Counts a prediction or a step that was refused because it was not finite. */
    void refused() {
        refusedSteps.inc();
    }
}
