package io.millrace.operators;

import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.djl.Updates;
import io.millrace.models.optimizer.Auto;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything a learner is told. Immutable; travels inside the job graph.
 *
 * @param job name of the job, for snapshots
 * @param model what is learnt
 * @param problem from what
 * @param execution by which executor
 * @param telemetryEvery events of one subtask after which a tally is due; one second passes it on as well
 * @param snapshots when snapshots are taken; null for never
 * @param state how the rows are kept
 * @param join how labels that come later meet their events; null if an event without a label is only predicted
 * @param keys which keys are scored one by one
 */
public record LearnerSpec(
        String job,
        ModelSpec model,
        Problem problem,
        Execution execution,
        int telemetryEvery,
        @Nullable SnapshotPlan snapshots,
        StatePlan state,
        @Nullable LabelJoin join,
        KeyPlan keys)
        implements Serializable {
    public LearnerSpec {
        if (model.onDrift() != null && execution.updates() == Updates.PER_BATCH) {
            throw new IllegalArgumentException(
                    "on-drift watches one event after the other, and updates per batch learn many at once: choose"
                            + " updates per event");
        }
        if (join != null && state.ttl() != null && state.ttl().compareTo(join.timeout()) < 0) {
            throw new IllegalArgumentException("ttl=" + state.ttl() + " must be >= timeout=" + join.timeout()
                    + " of the label join: a model would be forgotten before the labels it waits for");
        }
        if (model.optimizer() instanceof Auto && execution.updates() == Updates.PER_BATCH) {
            throw new IllegalArgumentException("optimizer auto has several learners for each key, and updates per batch"
                    + " have one: choose another optimizer");
        }
        if (snapshots != null && state.resetsToSnapshots()) {
            requireFiles(snapshots.directory());
        }
        if (join != null && join.onTimeout().length > 0 && !problem.target().fits(join.onTimeout())) {
            throw new IllegalArgumentException(
                    "onTimeout=" + Arrays.toString(join.onTimeout()) + " is no label of the target");
        }
        if (telemetryEvery < 1) {
            throw new IllegalArgumentException("telemetryEvery=" + telemetryEvery + " must be >= 1");
        }
    }

    private static void requireFiles(String snapshots) {
        try {
            Saved.path(snapshots);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "resetTo=snapshot needs snapshots that can be read as files: " + e.getMessage(), e);
        }
    }

    /** A learner of events that bring their labels themselves. */
    public LearnerSpec(
            String job,
            ModelSpec model,
            Problem problem,
            Execution execution,
            int telemetryEvery,
            @Nullable SnapshotPlan snapshots,
            StatePlan state) {
        this(job, model, problem, execution, telemetryEvery, snapshots, state, null, KeyPlan.DEFAULT);
    }

    /** The defaults for everything else: the executor that fits, a tally every 1,000 events, no snapshots, ten keys. */
    public static LearnerSpec of(ModelSpec model, Problem problem) {
        return new LearnerSpec("millrace", model, problem, Execution.AUTO, 1000, null, StatePlan.DEFAULT);
    }

    /** The same, with labels that come later. */
    public LearnerSpec with(LabelJoin labels) {
        return new LearnerSpec(job, model, problem, execution, telemetryEvery, snapshots, state, labels, keys);
    }

    /** The same, with other keys scored one by one. */
    public LearnerSpec with(KeyPlan keys) {
        return new LearnerSpec(job, model, problem, execution, telemetryEvery, snapshots, state, join, keys);
    }
}
