package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.operators.RefusedSteps.ResetTo;
import io.millrace.state.LayoutChange;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a learner are kept.
 *
 * @param cacheBytes of rows that each subtask holds in front of keyed state, where it holds any: before state that
 *     stores bytes, as RocksDB does, and in PyTorch's memory
 * @param ttl event time without a labelled event after which a row is forgotten; null for never
 * @param prior what new keys begin with; null for the seeded initial row
 * @param warmStart directory of a snapshot with whose rows their keys begin; null for none
 * @param onRefusedSteps what is done about rows that refuse one step after the other; null for nothing
 * @param onLayoutChange what is done with saved rows of another layout
 */
public record StatePlan(
        long cacheBytes,
        @Nullable Duration ttl,
        @Nullable Prior prior,
        @Nullable String warmStart,
        @Nullable RefusedSteps onRefusedSteps,
        LayoutChange onLayoutChange)
        implements Serializable {

    private static final Duration SHORTEST_TTL = Duration.ofMillis(1);
    private static final Duration LONGEST_TTL = Duration.ofDays(36_500); // twice as much must fit behind any event time

    /** 256 MiB of live rows that are kept for ever. */
    public static final StatePlan DEFAULT = new StatePlan(256L << 20, null, null, null, null);

    /** Rows of the job's own layout only. */
    public StatePlan(
            long cacheBytes,
            @Nullable Duration ttl,
            @Nullable Prior prior,
            @Nullable String warmStart,
            @Nullable RefusedSteps onRefusedSteps) {
        this(cacheBytes, ttl, prior, warmStart, onRefusedSteps, LayoutChange.REFUSE);
    }

    public StatePlan {
        if (cacheBytes < 1) {
            throw new IllegalArgumentException("cacheBytes=" + cacheBytes + " must be >= 1");
        }
        if (ttl != null && (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.compareTo(LONGEST_TTL) > 0)) {
            throw new IllegalArgumentException("ttl=" + ttl + " must be >= 1 ms and <= 36500 days");
        }
        if (prior == null && onRefusedSteps != null && onRefusedSteps.resetTo() == ResetTo.PRIOR) {
            throw new IllegalArgumentException("resetTo=prior needs a prior");
        }
    }

    /** True if models are reset to those of the job's own snapshots. */
    boolean resetsToSnapshots() {
        return onRefusedSteps != null && onRefusedSteps.resetTo() == ResetTo.SNAPSHOT;
    }

    /**
     * What is wrong with the snapshots that rows begin with, by the settings that name them; empty if nothing is.
     *
     * @param program whose rows they must hold; null if it is not known yet
     */
    public Map<String, String> faults(@Nullable Program program) {
        Map<String, String> faults = new LinkedHashMap<>();
        if (prior != null) {
            String snapshot = prior.snapshot();
            note(faults, "prior.snapshot", () -> Saved.snapshot(program, snapshot));
            if (faults.isEmpty() && program != null) {
                note(faults, "prior.key", () -> Saved.row(program, snapshot, prior.key()));
            }
        }
        if (warmStart != null) {
            note(faults, "warm-start", () -> Saved.snapshot(program, warmStart));
        }
        return faults;
    }

    /**
     * Makes sure that the snapshots are there and fit.
     *
     * @throws IllegalArgumentException if one does not, with the setting that names it
     */
    void require(Program program) {
        faults(program).forEach((setting, fault) -> {
            throw new IllegalArgumentException("state." + setting + ": " + fault);
        });
    }

    private static void note(Map<String, String> faults, String setting, Callable<?> look) {
        try {
            look.call();
        } catch (Exception e) { // of what is not there, cannot be read or does not fit
            faults.put(setting, String.valueOf(e.getMessage()));
        }
    }
}
