package io.millrace.operators;

import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.operators.RefusedSteps.ResetTo;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resets the rows of keys that refuse one step after the other, if that is wished. */
final class Resets implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Resets.class);
    private static final long LOG_NANOS = 60_000_000_000L; // once a minute at most

    private final Program program;
    private final @Nullable RefusedSteps plan;
    private final Beginnings beginnings;
    private final @Nullable LastGood lastGood;
    private final Runnable reset;
    private long unlogged;
    private long logged = System.nanoTime() - LOG_NANOS;

    /**
     * @param plan null if rows are never reset
     * @param snapshots directory of the job's own snapshots, as path or file: URI if rows are reset to them; null if it
     *     takes none
     * @param reset is told of every row that was reset
     */
    Resets(
            Program program,
            @Nullable RefusedSteps plan,
            Beginnings beginnings,
            @Nullable String snapshots,
            Runnable reset) {
        this.program = program;
        this.plan = plan;
        this.beginnings = beginnings;
        this.reset = reset;
        boolean toSnapshot = plan != null && plan.resetTo() == ResetTo.SNAPSHOT;
        lastGood = toSnapshot && snapshots != null ? new LastGood(program, Saved.path(snapshots)) : null;
    }

    /** How many steps in a row a row has refused, after one more event. */
    int refusals(int before, boolean learns, Status status) {
        if (!learns) {
            return before;
        }
        return status == Status.LEARNT ? 0 : before + 1;
    }

    /** True if the row is to be reset after so many refusals in a row. */
    boolean isDue(int refusals) {
        return plan != null && refusals > 0 && refusals % plan.after() == 0;
    }

    /**
     * Resets a row, unless it has not learnt since it began or was reset. What the row knows of the key's events, the last
     * label and time, stays.
     *
     * @param row overwritten
     * @return what was done; empty if nothing
     */
    String reset(String key, float[] row) throws IOException {
        float[] saved = lastGood == null ? null : lastGood.row(key);
        float[] good = saved == null ? anew(key) : saved;
        if (program.updates(good) == program.updates(row)) {
            return "";
        }
        int refusals = program.refusals(row);
        program.reset(row, good);
        reset.run();
        String done = "the model was reset to " + (saved == null ? "its beginning" : "its last good snapshot")
                + " after " + refusals + " refusals in a row";
        log(key, done);
        return done;
    }

    private float[] anew(String key) {
        return plan != null && plan.resetTo() == ResetTo.INITIAL ? program.initialRow(key) : beginnings.anew(key);
    }

    private void log(String key, String done) {
        unlogged++;
        long now = System.nanoTime();
        if (now - logged >= LOG_NANOS) {
            LOG.warn("key {}: {} ({} resets since this was last said)", key, done, unlogged);
            logged = now;
            unlogged = 0;
        }
    }

    @Override
    public void close() throws IOException {
        if (lastGood != null) {
            lastGood.close();
        }
    }
}
