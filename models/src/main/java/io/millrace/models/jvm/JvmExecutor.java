package io.millrace.models.jvm;

import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.drift.Lookout;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.optimizer.Boosted;
import io.millrace.models.program.Descent;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Stage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Predicts and learns in place on rows of a program, one sample at a time; belongs to one thread.
 *
 * <p>Allocates nothing per sample. A row is written only once loss and gradient are known to be finite, so a refused
 * step leaves it as it was.
 */
public final class JvmExecutor {
    private final Program program;
    private final Kernel[] kernels;
    private final HeadKernel head;
    private final Descent descent;
    private final @Nullable Boosted boosted; // the descent, if drift boosts it
    private final @Nullable Lookout lookout;
    private final float[] initial;
    private final boolean resets;
    private final boolean stochastic;
    private final boolean acceptsMissing;
    private final int numeric;
    private final int lowest; // stage that learns; the output layer does
    private final float[][] values; // values[s] flows into stage s, the last one out of the network
    private final float[][] deltas; // gradients in the values

    public JvmExecutor(Program program) {
        this.program = program;
        int stages = program.stages().size();
        kernels = new Kernel[stages];
        values = new float[stages + 1][];
        values[0] = new float[program.problem().inputs().width()];
        for (int s = 0; s < stages; s++) {
            Stage stage = program.stages().get(s);
            kernels[s] = stage.kernel(program.layout());
            values[s + 1] = new float[stage.output().width()];
        }
        deltas = new float[stages + 1][];
        for (int s = 0; s <= stages; s++) {
            deltas[s] = new float[values[s].length];
        }
        head = program.head().kernel(program.layout());
        OnDrift onDrift = program.spec().onDrift();
        Descent plain = program.spec().descent(program.layout());
        boosted = onDrift instanceof OnDrift.Boost
                ? new Boosted(plain, program.layout().parameters())
                : null;
        descent = boosted == null ? plain : boosted;
        lookout = program.lookout();
        resets = onDrift instanceof OnDrift.Reset;
        initial = program.layout().initialRow();
        stochastic = program.stochastic();
        acceptsMissing = program.acceptsMissing();
        numeric = program.problem().inputs().numeric();
        lowest = IntStream.range(0, stages)
                .filter(s -> program.stages().get(s).learns())
                .findFirst()
                .orElseThrow();
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
        outcome.first = outcome.version == 0 && program.alarms(row) == 0;
        read(features);
        for (int s = 0; s < kernels.length; s++) {
            kernels[s].forward(row, values[s], values[s + 1]);
        }
        head.scores(row, values[kernels.length], outcome.scores);
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
                program.reset(row, initial);
            }
        }
    }

    private void read(float[] features) {
        float[] input = values[0];
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
        int last = kernels.length;
        if (stochastic) {
            long draw = program.draw(row);
            for (int s = 0; s < last; s++) {
                kernels[s].forwardLearning(row, values[s], values[s + 1], Noise.at(draw, s));
            }
        }
        outcome.loss = head.loss(row, values[last], label, deltas[last]);
        for (int i = 0; i < deltas[last].length; i++) {
            deltas[last][i] *= weight;
        }
        double squaredGradient = backward(row);
        boolean sound =
                Double.isFinite(outcome.loss) && squaredGradient <= Program.LARGEST_GRADIENT * Program.LARGEST_GRADIENT;
        if (sound) {
            if (boosted != null && lookout != null) {
                boosted.factor(lookout.factor(row));
            }
            descent.begin(row, outcome.version + 1, outcome.loss, squaredGradient);
            for (int s = 0; s < last; s++) {
                kernels[s].update(row, values[s], deltas[s + 1], descent);
            }
            descent.end(row);
            head.update(row);
            program.countUpdate(row);
        }
        return sound;
    }

    /** Takes the gradient; returns its squared norm. */
    private double backward(float[] row) {
        double squaredGradient = 0;
        for (int s = kernels.length - 1; s > lowest; s--) {
            kernels[s].backward(row, values[s], values[s + 1], deltas[s + 1], deltas[s]);
            squaredGradient += kernels[s].squaredGradient(values[s], deltas[s + 1]);
        }
        kernels[lowest].backwardLowest(row, values[lowest], values[lowest + 1], deltas[lowest + 1], deltas[lowest]);
        return squaredGradient + kernels[lowest].squaredGradient(values[lowest], deltas[lowest + 1]);
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
