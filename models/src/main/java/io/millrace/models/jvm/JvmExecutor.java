package io.millrace.models.jvm;

import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.drift.Lookout;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.optimizer.Committee;
import org.jspecify.annotations.Nullable;

/**
 * Predicts and learns in place on rows of a program, one sample at a time; belongs to one thread.
 *
 * <p>Allocates nothing per sample. A row is written only once loss and gradient are known to be finite, so a refused
 * step leaves it as it was.
 */
public final class JvmExecutor {
    private final Program program;
    private final Learners learners;
    private final @Nullable Lookout lookout;
    private final float[] beginning; // what drift resets to
    private final boolean resets;
    private final boolean acceptsMissing;
    private final int numeric;
    private final float[] input; // [inputs.width], of the sample at hand

    /** Executes a program whose rows, if drift resets them, become initial ones. */
    public JvmExecutor(Program program) {
        this(program, program.layout().initialRow());
    }

    /**
     * Executes a program.
     *
     * @param beginning what a row becomes if drift resets it
     */
    public JvmExecutor(Program program, float[] beginning) {
        this.program = program;
        input = new float[program.problem().inputs().width()];
        Committee committee = program.committee();
        learners = committee == null ? new Alone(program, input) : new SideBySide(program, committee, input);
        lookout = program.lookout();
        resets = program.spec().onDrift() instanceof OnDrift.Reset;
        this.beginning = beginning;
        acceptsMissing = program.acceptsMissing();
        numeric = program.problem().inputs().numeric();
    }

    /**
     * Predicts a sample, then learns from it if asked to.
     *
     * @param row the model, written to only when a label is known
     * @param features [inputs.width]
     * @param label [target.labelWidth] or, if unknown, [0]
     * @param weight multiplies the gradient
     * @param learn whether to take a step; needs a label
     * @param outcome overwritten
     */
    public void step(float[] row, float[] features, float[] label, float weight, boolean learn, Outcome outcome) {
        outcome.version = program.updates(row);
        outcome.previousLabel = program.lastLabel(row);
        outcome.loss = Double.NaN;
        outcome.status = Status.PREDICTED;
        outcome.drift = false;
        outcome.remedy = "";
        outcome.first = outcome.version == 0 && program.alarms(row) == 0;
        read(features);
        learners.predict(row, outcome.version, outcome.scores);
        if (!finite(outcome.scores)) {
            outcome.status = Status.REFUSED_SCORES;
            return;
        }
        if (learn) {
            outcome.status = learn(row, label, weight, outcome) ? Status.LEARNT : Status.REFUSED_STEP;
        }
        if (label.length > 0) {
            program.lastLabel(row, label);
        }
        if (lookout != null && outcome.status == Status.LEARNT) {
            outcome.drift = lookout.learnt(row, program.problem().target().point(label), outcome);
            if (outcome.drift && resets) {
                program.reset(row, beginning);
            }
        }
    }

    private void read(float[] features) {
        System.arraycopy(features, 0, input, 0, input.length);
        if (!acceptsMissing) {
            for (int i = 0; i < numeric; i++) {
                if (Float.isNaN(input[i])) {
                    input[i] = 0;
                }
            }
        }
    }

    private boolean learn(float[] row, float[] label, float weight, Outcome outcome) {
        float factor = lookout == null ? 1 : lookout.factor(row);
        boolean learnt = learners.learn(row, label, weight, outcome.version + 1, program.draw(row), factor);
        outcome.loss = learners.loss();
        if (learnt) {
            program.countUpdate(row);
        }
        return learnt;
    }

    private static boolean finite(float[] scores) {
        for (float score : scores) {
            if (!Float.isFinite(score)) {
                return false;
            }
        }
        return true;
    }
}
