package io.millrace.jobs.serve;

import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Program;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.models.snapshot.SnapshotRows;
import io.millrace.operators.Beginnings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is open for predictions, and the job it was written by, which its manifest tells. Its files stay open
 * until it is closed and the last who entered has left. Any number of threads may use it.
 */
final class Edition implements Closeable {
    private final SavedJob job;
    private final SnapshotRows rows;
    private final @Nullable Beginnings beginnings; // null if keys without a model are refused
    private final Queue<Predictor> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger users = new AtomicInteger(1); // one until it is closed

    /** A row, the caller's own, and where it was found. */
    record Model(float[] row, Answer.Source source) {}

    private Edition(SavedJob job, SnapshotRows rows, @Nullable Beginnings beginnings) {
        this.job = job;
        this.rows = rows;
        this.beginnings = beginnings;
    }

    /**
     * Opens a complete snapshot.
     *
     * @param strangers whether keys without a model are answered
     * @throws IllegalArgumentException if it is damaged, or not of a job of this version, saying why
     */
    static Edition open(Path directory, boolean strangers) throws IOException {
        SavedJob job = SavedJob.open(directory);
        SnapshotRows rows = SnapshotRows.of(job.snapshot());
        try {
            return new Edition(job, rows, strangers ? beginnings(job.program(), job.spec()) : null);
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private static Beginnings beginnings(Program program, JobSpec spec) throws IOException {
        try {
            return new Beginnings(program, spec.state().plan());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "new keys would begin with a model that is not here (" + e.getMessage()
                            + "); --new-keys refuse serves all others",
                    e);
        }
    }

    /** Enters, so that the files stay open until {@link #leave}; false if the edition is closed. */
    boolean enter() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Ends what began with {@link #enter}. */
    void leave() throws IOException {
        if (users.decrementAndGet() == 0) {
            rows.close();
            if (beginnings != null) {
                beginnings.close();
            }
        }
    }

    /**
     * The model of a key: its own, or the one that the job would begin it with.
     *
     * @throws Refusal if it has none and only keys with a model of their own are answered
     */
    Model model(String key) throws Refusal, IOException {
        float[] own = rows.row(key);
        if (own != null) {
            return new Model(own, Answer.Source.SNAPSHOT);
        }
        if (beginnings == null) {
            throw new Refusal(
                    404,
                    "there is no model of the key \"" + key + "\" in "
                            + snapshot().name());
        }
        float[] warm = beginnings.warm(key);
        if (warm != null) {
            return new Model(warm, Answer.Source.WARM_START);
        }
        return new Model(
                beginnings.anew(key), spec().state().prior() == null ? Answer.Source.INITIAL : Answer.Source.PRIOR);
    }

    /** What predicts with it, for one thread, which gives it back. */
    Predictor borrow() {
        Predictor predictor = idle.poll();
        return predictor == null ? new Predictor(this, job) : predictor;
    }

    void giveBack(Predictor predictor) {
        idle.add(predictor);
    }

    Snapshot snapshot() {
        return job.snapshot();
    }

    JobSpec spec() {
        return job.spec();
    }

    /** Lets those who have entered finish, and admits no more. To be called once. */
    @Override
    public void close() throws IOException {
        leave();
    }
}
