package io.millrace.models.layer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Normalizes each column by its running mean and variance, which halve their memory every so many samples, then
 * scales and shifts it by learnt amounts: batch normalization for a stream, where every batch is one sample.
 *
 * <p>The current sample is part of the statistics, in predictions too. The first samples are averaged evenly, until
 * there are enough for the decay. The gradient takes the statistics as constants: the paper's streamed statistics of
 * gradients, and its separate short-term statistics, are left out. Gives NaN, so that nothing is learnt, where the
 * squares overflow.
 *
 * @see "Q. Liao, K. Kawaguchi, T. Poggio, Streaming Normalization, 2016, section 3"
 * @see "S. Ioffe, C. Szegedy, Batch Normalization, 2015"
 */
@Term(value = "batch-norm", about = "Normalizes each column by running statistics; belongs behind a dense layer.")
public record BatchNorm(
        @Setting(value = "Samples after which a sample weighs half.", byDefault = "100", atLeast = 1)
        double halfLife,

        @Setting(value = "Added to the variance.", byDefault = "1e-5", above = 0)
        double epsilon)
        implements Layer {
    public BatchNorm {
        Settings.check(BatchNorm.class, halfLife, epsilon);
    }

    @Override
    public Stage compile(Site site) {
        int width = site.input().width();
        return new Compiled(
                width,
                Memory.samples(halfLife),
                (float) epsilon,
                site.parameter("scale", Initializer.ONES, width),
                site.parameter("shift", Initializer.ZEROS, width),
                site.buffer("count", 1),
                site.buffer("mean", width),
                site.buffer("variance", width));
    }

    private record Compiled(
            int width, float most, float epsilon, Range scale, Range shift, Range count, Range mean, Range variance)
            implements Stage {
        @Override
        public Shape output() {
            return Shape.of(width);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(this, layout);
        }

        @Override
        public String script(Script script, String input) {
            String x = script.let(input + ".detach()");
            String n = script.let("torch.clamp(" + script.range(count) + " + 1., max=" + most + ")");
            String before = script.let(x + " - " + script.range(mean));
            String m = script.let(script.range(mean) + " + " + before + " / " + n);
            String product = script.let(before + " * (" + x + " - " + m + ")");
            String old = script.range(variance);
            String v = script.let(old + " + (" + product + " - " + old + ") / " + n);
            script.store(count, n);
            script.store(mean, m);
            script.store(variance, v);
            String sound = script.let("torch.where(torch.isfinite(" + v + " + " + x + " * " + x + "), " + v + ", nan)");
            String inverse = script.let("torch.rsqrt(" + sound + " + " + epsilon + ")");
            String normal = script.let("(" + input + " - " + m + ") * " + inverse);
            String factor = script.range(scale);
            String output = script.let(normal + " * " + factor + " + " + script.range(shift));
            script.derive(output, slope -> {
                script.gradient(scale, slope + " * " + normal);
                script.gradient(shift, slope);
                script.slope(input, slope + " * " + factor + " * " + inverse);
            });
            return output;
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int width;
        private final float most;
        private final float epsilon;
        private final int scale;
        private final int shift;
        private final int count;
        private final int mean;
        private final int variance;
        private final float[] newMean;
        private final float[] newVariance;
        private final float[] inverse; // 1 / deviation
        private final float[] scaleGradient;
        private float newCount;

        Arithmetic(Compiled stage, Layout layout) {
            width = stage.width;
            most = stage.most;
            epsilon = stage.epsilon;
            scale = layout.at(stage.scale);
            shift = layout.at(stage.shift);
            count = layout.at(stage.count);
            mean = layout.at(stage.mean);
            variance = layout.at(stage.variance);
            newMean = new float[width];
            newVariance = new float[width];
            inverse = new float[width];
            scaleGradient = new float[width];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            newCount = Math.min(row[count] + 1, most);
            for (int i = 0; i < width; i++) {
                float x = input[i];
                float before = x - row[mean + i];
                float m = row[mean + i] + before / newCount;
                float v = row[variance + i] + (before * (x - m) - row[variance + i]) / newCount;
                float sound = Float.isFinite(v + x * x) ? v : Float.NaN; // else it would spoil all that follow
                newMean[i] = m;
                newVariance[i] = v;
                inverse[i] = 1 / (float) Math.sqrt(sound + epsilon);
                output[i] = (x - m) * inverse[i] * row[scale + i] + row[shift + i];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                scaleGradient[i] = outputDelta[i] * (input[i] - newMean[i]) * inverse[i];
                inputDelta[i] = outputDelta[i] * row[scale + i] * inverse[i];
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += (double) outputDelta[i] * outputDelta[i] + (double) scaleGradient[i] * scaleGradient[i];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            descent.step(row, scale, width, scaleGradient, 0, 1);
            descent.step(row, shift, width, outputDelta, 0, 1);
            row[count] = newCount;
            System.arraycopy(newMean, 0, row, mean, width);
            System.arraycopy(newVariance, 0, row, variance, width);
        }
    }
}
