package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.models.snapshot.SnapshotRows;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows that keys without one begin with: from the snapshot of a warm start, from a prior, or the initial one. */
public final class Beginnings implements Closeable {
    private final Program program;
    private final float @Nullable [] prior;
    private final @Nullable SnapshotRows warm;

    /**
     * @throws IllegalArgumentException if a snapshot is missing, of another layout, or lacks the prior's key
     */
    public Beginnings(Program program, StatePlan plan) throws IOException {
        plan.require(program);
        this.program = program;
        prior = plan.prior() == null
                ? null
                : Saved.row(program, plan.prior().snapshot(), plan.prior().key());
        warm = plan.warmStart() == null ? null : Saved.rows(program, plan.warmStart());
    }

    /** The key's row in the snapshot of the warm start, a fresh array; null if there is none. */
    public float @Nullable [] warm(String key) throws IOException {
        return warm == null ? null : warm.row(key);
    }

    /** The row of a key that has none anywhere: the prior's, or the initial one; a fresh array. */
    public float[] anew(String key) {
        return prior == null ? program.initialRow(key) : program.rowFrom(prior, key);
    }

    @Override
    public void close() throws IOException {
        if (warm != null) {
            warm.close();
        }
    }
}
