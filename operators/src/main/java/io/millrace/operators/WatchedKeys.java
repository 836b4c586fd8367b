package io.millrace.operators;

import io.millrace.models.metrics.BusiestKeys;
import io.millrace.models.metrics.KeyTally;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * The keys that one subtask of the learner watches, as a checkpoint keeps them. After a restart at another parallelism every
 * subtask takes up those that are its own now.
 *
 * @param firstGroup of the subtask's key groups
 * @param lastGroup of the subtask's key groups
 * @param floor the most scored events that any other of its keys can have had
 * @param keys that it watches
 */
public record WatchedKeys(int firstGroup, int lastGroup, long floor, KeyTally[] keys) {

    static WatchedKeys of(BusiestKeys busiest, TaskInfo task) {
        KeyGroupRange groups = groups(task);
        return new WatchedKeys(groups.getStartKeyGroup(), groups.getEndKeyGroup(), busiest.floor(), busiest.watched());
    }

    /** Continues with what all subtasks watched. */
    static void restore(Iterable<WatchedKeys> saved, BusiestKeys busiest, TaskInfo task) {
        KeyGroupRange groups = groups(task);
        List<KeyTally> own = new ArrayList<>();
        long floor = 0;
        for (WatchedKeys each : saved) {
            if (each.firstGroup <= groups.getEndKeyGroup() && each.lastGroup >= groups.getStartKeyGroup()) {
                floor = Math.max(floor, each.floor);
            }
            for (KeyTally tally : each.keys) {
                if (groups.contains(
                        KeyGroupRangeAssignment.assignToKeyGroup(tally.key(), task.getMaxNumberOfParallelSubtasks()))) {
                    own.add(tally);
                }
            }
        }
        busiest.remember(own, floor);
    }

    private static KeyGroupRange groups(TaskInfo task) {
        return KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                task.getMaxNumberOfParallelSubtasks(),
                task.getNumberOfParallelSubtasks(),
                task.getIndexOfThisSubtask());
    }
}
