package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One value from one output, penalized by its distance from the label.
 *
 * <p>With statistics, the network learns the label's running z-score, the current label included, and a prediction
 * is scaled back by the mean and deviation of the labels learnt before it.
 *
 * @param statistics running count, mean and population variance of the label; null to learn the label itself
 */
record Residuals(Penalty penalty, @Nullable Range statistics) implements Head {

    /** Turns a residual, output minus label, into a loss. */
    interface Penalty extends Serializable {
        double of(float residual);

        float slope(float residual);

        /** The penalty [rows] of residuals [rows]. */
        String script(Script script, String residual);

        /** The slope [rows] of residuals [rows], as an expression. */
        String slopeScript(String residual);
    }

    static Head compile(String name, Penalty penalty, boolean standardize, Target target, Site site) {
        if (!(target instanceof Target.Value)) {
            throw new IllegalArgumentException(
                    name + " needs a value to predict, and the label is a class: use" + " cross-entropy");
        }
        return new Residuals(penalty, standardize ? site.buffer("label", 3) : null);
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public HeadKernel kernel(Layout layout) {
        return statistics == null ? new Plain(penalty) : new Standardized(penalty, layout.at(statistics));
    }

    @Override
    public String scoresScript(Script script, String outputs) {
        if (statistics == null) {
            return outputs;
        }
        String known = script.range(statistics);
        String deviation = deviation(script, known + "[:, 2:3]");
        return script.let(outputs + " * " + deviation + " + " + known + "[:, 1:2]");
    }

    @Override
    public String lossScript(Script script, String outputs, String label) {
        String output = script.let(outputs + ".squeeze(1)");
        String value = script.let(label + ".squeeze(1)");
        if (statistics == null) {
            return loss(script, outputs, script.let(output + " - " + value));
        }
        String known = script.range(statistics);
        String count = script.let("torch.clamp(" + known + "[:, 0] + 1., max=" + Plain.MOST + ")");
        String before = script.let(value + " - " + known + "[:, 1]");
        String mean = script.let(known + "[:, 1] + " + before + " / " + count);
        String after = script.let(value + " - " + mean);
        String oldVariance = script.let(known + "[:, 2]");
        String variance =
                script.let(oldVariance + " + (" + before + " * " + after + " - " + oldVariance + ") / " + count);
        String parts = "torch.broadcast_tensors([" + count + ", " + mean + ", " + variance + "])";
        script.store(statistics, script.let("torch.stack(" + parts + ", 1)"));
        String score = script.let(after + " / " + deviation(script, variance));
        String residual = script.let(output + " - " + score);
        String sound = script.let("torch.isfinite(" + variance + " + " + value + " * " + value + ")");
        return loss(script, outputs, script.let("torch.where(" + sound + ", " + residual + ", nan)"));
    }

    private String loss(Script script, String outputs, String residual) {
        String loss = penalty.script(script, residual);
        script.derive(
                loss,
                slope -> script.slope(
                        outputs, "torch.unsqueeze(" + penalty.slopeScript(residual) + " * " + slope + ", 1)"));
        return loss;
    }

    private static String deviation(Script script, String variance) {
        return script.let("torch.sqrt(torch.where(" + variance + " > 0., " + variance + ", 1.))");
    }

    private record Plain(Penalty penalty) implements HeadKernel {
        static final float MOST = 1 << 24; // a float cannot count further

        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            scores[0] = outputs[0];
        }

        @Override
        public double loss(float[] row, float[] outputs, float[] label, float[] delta) {
            float residual = outputs[0] - label[0];
            delta[0] = penalty.slope(residual);
            return penalty.of(residual);
        }
    }

    private static final class Standardized implements HeadKernel {
        private final Penalty penalty;
        private final int at;
        private float count;
        private float mean;
        private float variance;

        Standardized(Penalty penalty, int at) {
            this.penalty = penalty;
            this.at = at;
        }

        private static float deviation(float variance) {
            return variance > 0 ? (float) Math.sqrt(variance) : 1;
        }

        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            scores[0] = outputs[0] * deviation(row[at + 2]) + row[at + 1];
        }

        @Override
        public double loss(float[] row, float[] outputs, float[] label, float[] delta) {
            count = Math.min(row[at] + 1, Plain.MOST);
            float value = label[0];
            float before = value - row[at + 1];
            mean = row[at + 1] + before / count;
            variance = row[at + 2] + (before * (value - mean) - row[at + 2]) / count;
            if (!Float.isFinite(variance + value * value)) {
                return Double.NaN; // too large to square: as the mean it would spoil all that follow
            }
            float residual = outputs[0] - (value - mean) / deviation(variance);
            delta[0] = penalty.slope(residual);
            return penalty.of(residual);
        }

        @Override
        public void update(float[] row) {
            row[at] = count;
            row[at + 1] = mean;
            row[at + 2] = variance;
        }
    }
}
