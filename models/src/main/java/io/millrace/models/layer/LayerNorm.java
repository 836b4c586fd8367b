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
 * Normalizes each sample over its columns, then scales and shifts every column by learnt amounts.
 *
 * <p>Belongs behind a dense layer: straight on raw input it would delete the sample's level and scale. Gives NaN, so
 * that nothing is learnt, where the squares overflow.
 *
 * @see "J. L. Ba, J. R. Kiros, G. E. Hinton, Layer Normalization, 2016"
 */
@Term(value = "layer-norm", about = "Normalizes each sample over its columns; belongs behind a dense layer.")
public record LayerNorm(
        @Setting(value = "Added to the variance.", byDefault = "1e-5", above = 0)
        double epsilon) implements Layer {
    /** PyTorch's epsilon, 1e-5. */
    public LayerNorm() {
        this(1e-5);
    }

    public LayerNorm {
        Settings.check(LayerNorm.class, epsilon);
    }

    @Override
    public Stage compile(Site site) {
        int width = site.input().width();
        return new Compiled(
                width,
                (float) epsilon,
                site.parameter("scale", Initializer.ONES, width),
                site.parameter("shift", Initializer.ZEROS, width));
    }

    private record Compiled(int width, float epsilon, Range scale, Range shift) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(width);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(width, epsilon, layout.at(scale), layout.at(shift));
        }

        @Override
        public String script(Script script, String input) {
            String centred = script.let(input + " - torch.mean(" + input + ", [1], True)");
            String variance = script.let("torch.mean(" + centred + " * " + centred + ", [1], True)");
            String sound = script.let("torch.where(torch.isfinite(" + variance + "), " + variance + ", nan)");
            String normal = script.let(centred + " * torch.rsqrt(" + sound + " + " + epsilon + ")");
            return script.let(normal + " * " + script.range(scale) + " + " + script.range(shift));
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int width;
        private final float epsilon;
        private final int scale;
        private final int shift;
        private final float[] normal;
        private final float[] scaleGradient;
        private float inverse; // 1 / deviation of the input last seen

        Arithmetic(int width, float epsilon, int scale, int shift) {
            this.width = width;
            this.epsilon = epsilon;
            this.scale = scale;
            this.shift = shift;
            normal = new float[width];
            scaleGradient = new float[width];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            float sum = 0;
            for (int i = 0; i < width; i++) {
                sum += input[i];
            }
            float mean = sum / width;
            float squares = 0;
            for (int i = 0; i < width; i++) {
                float centred = input[i] - mean;
                squares += centred * centred;
            }
            float variance = Float.isFinite(squares) ? squares / width : Float.NaN;
            inverse = 1 / (float) Math.sqrt(variance + epsilon);
            for (int i = 0; i < width; i++) {
                normal[i] = (input[i] - mean) * inverse;
                output[i] = normal[i] * row[scale + i] + row[shift + i];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            float sum = 0;
            float along = 0;
            for (int i = 0; i < width; i++) {
                scaleGradient[i] = outputDelta[i] * normal[i];
                float delta = outputDelta[i] * row[scale + i];
                inputDelta[i] = delta;
                sum += delta;
                along += delta * normal[i];
            }
            float mean = sum / width;
            float slope = along / width;
            for (int i = 0; i < width; i++) {
                inputDelta[i] = (inputDelta[i] - mean - normal[i] * slope) * inverse;
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
        }
    }
}
