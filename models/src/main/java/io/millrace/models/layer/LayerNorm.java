package io.millrace.models.layer;

import io.millrace.models.lanes.Lanes;
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
        if (width < 2) {
            throw new IllegalArgumentException("a single number has no deviation to be divided by; it needs 2 or more");
        }
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
            String all =
                    script.let("torch.native_layer_norm(" + input + ", [" + width + "], None, None, " + epsilon + ")");
            script.require(all + "[2] > 0."); // the inverse deviation, 0 where the variance overflows
            String normal = script.let(all + "[0]");
            String factor = script.range(scale);
            String output = script.let(normal + " * " + factor + " + " + script.range(shift));
            script.derive(output, slope -> {
                script.gradient(scale, slope + " * " + normal);
                script.gradient(shift, slope);
                String back = script.let("torch.native_layer_norm_backward(" + slope + " * " + factor + ", " + input
                        + ", [" + width + "], " + all + "[1], " + all + "[2], None, None, [True, False, False])");
                script.slope(input, back + "[0]");
            });
            return output;
        }
    }

    /** The loops run over arrays of their own, as the JIT compiler wants them. */
    private static final class Arithmetic implements Kernel {
        private final Lanes lanes = Lanes.create();
        private final int width;
        private final float epsilon;
        private final int scaleAt;
        private final int shiftAt;
        private final float[] scale;
        private final float[] shift;
        private final float[] normal;
        private final float[] scaleGradient;
        private float inverse; // 1 / deviation of the input last seen

        Arithmetic(int width, float epsilon, int scaleAt, int shiftAt) {
            this.width = width;
            this.epsilon = epsilon;
            this.scaleAt = scaleAt;
            this.shiftAt = shiftAt;
            scale = new float[width];
            shift = new float[width];
            normal = new float[width];
            scaleGradient = new float[width];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            System.arraycopy(row, scaleAt, scale, 0, width);
            System.arraycopy(row, shiftAt, shift, 0, width);
            float mean = lanes.sum(input) / width;
            for (int i = 0; i < width; i++) {
                normal[i] = input[i] - mean;
            }
            float squares = lanes.dot(normal, normal);
            float variance = Float.isFinite(squares) ? squares / width : Float.NaN;
            inverse = 1 / (float) Math.sqrt(variance + epsilon);
            for (int i = 0; i < width; i++) {
                normal[i] *= inverse;
                output[i] = normal[i] * scale[i] + shift[i];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                scaleGradient[i] = outputDelta[i] * normal[i];
                inputDelta[i] = outputDelta[i] * scale[i];
            }
            float mean = lanes.sum(inputDelta) / width;
            float slope = lanes.dot(inputDelta, normal) / width;
            for (int i = 0; i < width; i++) {
                inputDelta[i] = (inputDelta[i] - mean - normal[i] * slope) * inverse;
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            return lanes.squares(outputDelta) + lanes.squares(scaleGradient);
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            descent.step(row, scaleAt, width, scaleGradient, 0, 1);
            descent.step(row, shiftAt, width, outputDelta, 0, 1);
        }
    }
}
