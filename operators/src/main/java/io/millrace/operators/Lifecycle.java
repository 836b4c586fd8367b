package io.millrace.operators;

import io.millrace.models.Program;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How rows begin and end. Both follow from the events and their own times, so that a replay repeats them.
 *
 * <p>A row has expired for an event if the key's last labelled event is older than that by more than the time to live:
 * the event finds the key as if it had never been. The two events alone decide that. A timer in event time, one per key,
 * removes the row after twice the time to live, which bounds the state and decides nothing, unless an event comes later
 * than the time to live.
 */
final class Lifecycle implements Triggerable<String, VoidNamespace>, Closeable {
    private final Program program;
    private final ValueState<float[]> state;
    private final Beginnings beginnings;
    private final Consumer<String> currentKey;
    private final Runnable expired;
    private final long ttlMillis; // 0 if rows are kept for ever
    private @Nullable InternalTimerService<VoidNamespace> timers; // null if rows are kept for ever
    private ThrowingConsumer<String, Exception> release = key -> {};

    /**
     * @param state the rows of all keys
     * @param ttl null if rows are kept for ever
     * @param currentKey makes a key the one whose state is read and written
     * @param expired is told of every row that was removed
     */
    Lifecycle(
            Program program,
            ValueState<float[]> state,
            Beginnings beginnings,
            @Nullable Duration ttl,
            Consumer<String> currentKey,
            Runnable expired) {
        this.program = program;
        this.state = state;
        this.beginnings = beginnings;
        this.currentKey = currentKey;
        this.expired = expired;
        ttlMillis = ttl == null ? 0 : ttl.toMillis();
    }

    /**
     * Begins to remove rows that have expired.
     *
     * @param service calls this object
     * @param release stores a key's row, if it is in use elsewhere, so that it is nowhere but in keyed state
     */
    void removeWith(InternalTimerService<VoidNamespace> service, ThrowingConsumer<String, Exception> release) {
        timers = service;
        this.release = release;
    }

    /** Sets the timers of restored rows that have none because they were not to expire so far. */
    void watch(List<String> keys) throws Exception {
        InternalTimerService<VoidNamespace> timers = Objects.requireNonNull(this.timers, "removeWith comes first");
        boolean[] some = {false};
        timers.forEachEventTimeTimer((namespace, time) -> some[0] = true);
        for (String key : some[0] ? List.<String>of() : keys) {
            currentKey.accept(key);
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, due(program.lastSeen(state.value())));
        }
    }

    /** True if rows expire. */
    boolean expire() {
        return ttlMillis > 0;
    }

    /** The row of the operator's current key for an event; a new one if there is none or it has expired. */
    float[] row(String key, long time) throws Exception {
        float[] row = state.value();
        if (row != null && hasExpired(program.lastSeen(row), time)) {
            remove();
            row = null;
        }
        return row == null ? begin(key, time) : row;
    }

    private float[] begin(String key, long time) throws IOException {
        float[] warm = beginnings.warm(key);
        if (warm == null || hasExpired(program.lastSeen(warm), time)) {
            return beginnings.anew(key);
        }
        program.neverSeen(warm); // by this job
        return warm;
    }

    /** What a row that forgets everything becomes. */
    float[] anew(String key) {
        return beginnings.anew(key);
    }

    private boolean hasExpired(long lastSeen, long time) {
        return ttlMillis > 0 && lastSeen != Program.NEVER && time - lastSeen > ttlMillis;
    }

    private void remove() {
        state.clear();
        expired.run();
    }

    /** True if a row must be fetched anew for an event: it has expired, or was not kept. */
    boolean isStale(long lastSeen, long time) {
        return lastSeen == Program.NEVER || hasExpired(lastSeen, time);
    }

    /**
     * Notes a labelled event of a key.
     *
     * @param lastSeen time of the last one
     * @return the later of both times
     */
    long seen(String key, long lastSeen, long time) {
        if (timers != null && lastSeen == Program.NEVER) {
            currentKey.accept(key);
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, due(time));
        }
        return Math.max(lastSeen, time);
    }

    private long due(long lastSeen) {
        return lastSeen + 2 * ttlMillis;
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        if (timers == null || timers.currentWatermark() == Long.MAX_VALUE) {
            return; // the input's end is no time
        }
        release.accept(timer.getKey());
        float[] row = state.value();
        if (row != null && due(program.lastSeen(row)) <= timer.getTimestamp()) {
            remove();
        } else if (row != null) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, due(program.lastSeen(row)));
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("only event time is waited for");
    }

    @Override
    public void close() throws IOException {
        beginnings.close();
    }
}
