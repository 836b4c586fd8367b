package io.millrace.operators;

import io.millrace.models.program.Layout;
import io.millrace.state.SnapshotWriter;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.core.fs.Path;

/**
 * Decides at which checkpoints one subtask takes part in a snapshot, and completes snapshots on the first subtask.
 *
 * <p>Subtasks decide by themselves. If only some take part, the snapshot stays incomplete and hidden, the others see
 * that at their next checkpoint and all take part then.
 */
final class Snapshots {
    private final SnapshotPlan plan;
    private final SnapshotWriter writer;
    private final int subtask;
    private final int subtasks;
    private final NavigableMap<Long, Barrier> taken = new TreeMap<>(); // by checkpoint
    private Barrier last; // of the last complete snapshot
    private long events; // since the start
    private boolean ended;
    private long atEnd = Long.MAX_VALUE; // first checkpoint after the end of the input
    private boolean over; // there will be no further snapshot

    /** When a checkpoint was triggered, and how many events the subtask had had before it. */
    private record Barrier(long millis, long events) {}

    Snapshots(SnapshotPlan plan, String job, Layout layout, TaskInfo task, long nowMillis) throws IOException {
        this.plan = plan;
        this.writer = new SnapshotWriter(plan.directory(), job, layout, plan.spec());
        this.subtask = task.getIndexOfThisSubtask();
        this.subtasks = task.getNumberOfParallelSubtasks();
        this.last = new Barrier(nowMillis, 0);
    }

    /** Counts an event. */
    void event() {
        events++;
    }

    /** The input has ended: the next checkpoint is the last. */
    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /**
     * True if the subtask takes part in a snapshot at a checkpoint. After the end of the input all do, until one is
     * complete: a checkpoint that begins while tasks end may fail for some of them, and others hear of that late.
     */
    boolean due(long checkpointMillis) throws IOException {
        if (ended) {
            return !over;
        }
        boolean late = plan.period() != null
                && checkpointMillis - last.millis >= plan.period().toMillis();
        boolean full = plan.events() > 0 && (events - last.events) * subtasks >= plan.events();
        return late || full || writer.begun(subtasks);
    }

    /**
     * Takes part in the snapshot of a checkpoint, which must not be acknowledged before the part was written.
     *
     * @param rows of the subtask, released when the part has been written or will not be
     * @return the subtask's part, to be written in any thread
     */
    RunnableFuture<Void> part(long checkpoint, long checkpointMillis, FrozenRows rows) {
        taken.put(checkpoint, new Barrier(checkpointMillis, events));
        if (ended) {
            atEnd = Math.min(atEnd, checkpoint);
        }
        Callable<Void> write = () -> {
            writer.writePart(checkpoint, checkpointMillis, subtask, rows.keys(), rows::row);
            return null;
        };
        return new Until<>(new FutureTask<>(write), rows::release);
    }

    /** Learns that a checkpoint will never be complete. */
    void aborted(long checkpoint) {
        taken.remove(checkpoint);
    }

    /** Learns that a checkpoint is complete; on the first subtask, completes its snapshot. */
    Optional<SnapshotTaken> completed(long checkpoint) throws IOException {
        Barrier barrier = taken.remove(checkpoint);
        if (barrier == null) {
            return Optional.empty();
        }
        taken.headMap(checkpoint).clear();
        last = barrier;
        if (checkpoint >= atEnd) {
            over = true;
            for (Map.Entry<Long, Barrier> later : taken.entrySet()) {
                writer.withdrawPart(later.getKey(), later.getValue().millis, subtask);
            }
            taken.clear();
        }
        if (subtask != 0) {
            return Optional.empty();
        }
        Optional<Path> directory = writer.complete(checkpoint, barrier.millis, subtasks);
        return directory.map(path -> new SnapshotTaken(path.toString(), checkpoint, barrier.millis));
    }
}
