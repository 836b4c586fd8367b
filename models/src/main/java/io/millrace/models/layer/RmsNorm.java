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
 * Divides each sample by the root of the mean square of its columns, then scales every column by a learnt amount.
 *
 * <p>Cheaper than layer-norm, and keeps where a sample's mean lies relative to its size. The paper has no epsilon and
 * PyTorch takes the smallest that a float can add to 1; ours is that of layer-norm. Gives NaN, so that nothing is
 * learnt, where the squares overflow.
 *
 * @see "B. Zhang, R. Sennrich, Root Mean Square Layer Normalization, 2019, equation 4"
 */
@Term(value = "rms-norm", about = "Divides each sample by its root mean square; belongs behind a dense layer.")
public record RmsNorm(
        @Setting(value = "Added to the mean square.", byDefault = "1e-5", above = 0)
        double epsilon) implements Layer {
    public RmsNorm {
        Settings.check(RmsNorm.class, epsilon);
    }

    @Override
    public Stage compile(Site site) {
        int width = site.input().width();
        return new Compiled(width, (float) epsilon, site.parameter("scale", Initializer.ONES, width));
    }

    private record Compiled(int width, float epsilon, Range scale) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(width);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(width, epsilon, layout.at(scale));
        }

        @Override
        public String script(Script script, String input) {
            String square = script.let("torch.mean(" + input + " * " + input + ", [1], True)");
            String sound = script.let("torch.where(torch.isfinite(" + square + "), " + square + ", nan)");
            String inverse = script.let("torch.rsqrt(" + sound + " + " + epsilon + ")");
            String normal = script.let(input + " * " + inverse);
            String factor = script.range(scale);
            String output = script.let(normal + " * " + factor);
            script.derive(output, slope -> {
                script.gradient(scale, slope + " * " + normal);
                String pull = script.let(slope + " * " + factor);
                String along = "torch.mean(" + pull + " * " + normal + ", [1], True)";
                script.slope(input, "(" + pull + " - " + normal + " * " + along + ") * " + inverse);
            });
            return output;
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int width;
        private final float epsilon;
        private final int scale;
        private final float[] normal;
        private final float[] scaleGradient;
        private float inverse; // 1 / root mean square of the input last seen

        Arithmetic(int width, float epsilon, int scale) {
            this.width = width;
            this.epsilon = epsilon;
            this.scale = scale;
            normal = new float[width];
            scaleGradient = new float[width];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            float squares = 0;
            for (int i = 0; i < width; i++) {
                squares += input[i] * input[i];
            }
            float square = Float.isFinite(squares) ? squares / width : Float.NaN;
            inverse = 1 / (float) Math.sqrt(square + epsilon);
            for (int i = 0; i < width; i++) {
                normal[i] = input[i] * inverse;
                output[i] = normal[i] * row[scale + i];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            float along = 0;
            for (int i = 0; i < width; i++) {
                scaleGradient[i] = outputDelta[i] * normal[i];
                inputDelta[i] = outputDelta[i] * row[scale + i];
                along += inputDelta[i] * normal[i];
            }
            float slope = along / width;
            for (int i = 0; i < width; i++) {
                inputDelta[i] = (inputDelta[i] - normal[i] * slope) * inverse;
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += (double) scaleGradient[i] * scaleGradient[i];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            descent.step(row, scale, width, scaleGradient, 0, 1);
        }
    }
}
