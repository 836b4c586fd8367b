package io.millrace.tests.bench.soak;

import java.util.Locale;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.checkpoint.SubtaskStateStats;
import org.apache.flink.runtime.checkpoint.TaskStateStats;

/**
 * What a checkpoint cost.
 *
 * @param name of the back end and the kind
 * @param quietMillis longest time between two predictions in as long before, or in five seconds if that is longer
 * @param gapMillis longest time between two predictions while it lasted
 * @param syncMillis of the learner's synchronous part
 * @param alignmentMillis of the learner's barriers
 * @param wholeMillis from beginning to end
 * @param bytes that it wrote
 * @param stateBytes that it refers to
 */
record Held(
        String name,
        double quietMillis,
        double gapMillis,
        long syncMillis,
        long alignmentMillis,
        long wholeMillis,
        long bytes,
        long stateBytes) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-34s %9s %9s %9s %9s %9s %10s %10s",
            "ms; MB",
            "gap before",
            "gap",
            "sync",
            "align",
            "whole",
            "written",
            "state");

    static Held of(String name, long quietNanos, long gapNanos, CompletedCheckpointStats checkpoint) {
        SubtaskStateStats learner = null;
        for (TaskStateStats task : checkpoint.getAllTaskStateStats()) {
            SubtaskStateStats subtask = task.getSubtaskStats()[0];
            if (learner == null || subtask.getStateSize() > learner.getStateSize()) {
                learner = subtask; // all others hold next to nothing
            }
        }
        if (learner == null) {
            throw new IllegalStateException("a checkpoint without tasks");
        }
        return new Held(
                name,
                quietNanos / 1e6,
                gapNanos / 1e6,
                learner.getSyncCheckpointDuration(),
                learner.getAlignmentDuration(),
                checkpoint.getEndToEndDuration(),
                checkpoint.getCheckpointedSize(),
                checkpoint.getStateSize());
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-34s %,10.0f %,9.0f %,9d %,9d %,9d %,10.0f %,10.0f",
                name,
                quietMillis,
                gapMillis,
                syncMillis,
                alignmentMillis,
                wholeMillis,
                bytes / 1e6,
                stateBytes / 1e6);
    }
}
