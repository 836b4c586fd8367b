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
import java.util.Arrays;

/**
 * Fully connected layer whose weights are learnt as a direction and a length per unit:
 * {@code output = input (length * V / |V|) + b}.
 *
 * <p>All lengths start at what the initial weights measure on average, so that a new layer resembles a dense one; the paper sets them from a first batch, which a stream does not have, and PyTorch from the weights.
 *
 * @see "T. Salimans, D. P. Kingma, Weight Normalization, 2016, equations 2 and 3"
 */
@Term(value = "weight-norm", about = "Fully connected layer that learns directions and lengths of its weights.")
public record WeightNorm(
        @Setting(value = "Number of units.", atLeast = 1, atMost = 65536)
        int units,

        @Setting(value = "How the directions start.", byDefault = "he")
        InitialWeights initializer)
        implements Layer {
    public WeightNorm {
        Settings.check(WeightNorm.class, units, initializer);
    }

    /** A layer that starts as is usual. */
    public WeightNorm(int units) {
        this(units, InitialWeights.HE);
    }

    @Override
    public Stage compile(Site site) {
        int inputs = site.input().width();
        double usual = initializer.deviation(inputs, units) * Math.sqrt(inputs);
        return new Compiled(
                inputs,
                units,
                site.parameter("direction", initializer.directions(inputs, units), inputs, units),
                site.parameter("length", Initializer.constant(usual), units),
                site.parameter("bias", Initializer.ZEROS, units));
    }

    private record Compiled(int inputs, int units, Range direction, Range length, Range bias) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(units);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(inputs, units, layout.at(direction), layout.at(length), layout.at(bias));
        }

        @Override
        public String script(Script script, String input) {
            String v = script.range(direction);
            String product = script.product(input, v);
            String inverse = script.let("torch.rsqrt(torch.sum(" + v + " * " + v + ", [1]))");
            String cosine = script.let(product + " * " + inverse);
            return script.let(cosine + " * " + script.range(length) + " + " + script.range(bias));
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int inputs;
        private final int units;
        private final int direction;
        private final int length;
        private final int bias;
        private final float[] projection; // of the input on each direction
        private final float[] inverse; // 1 / |V| of each unit
        private final float[] along; // gradient of V is along * input - back * V
        private final float[] back;
        private final float[] lengthGradient;
        private final float[] gradient;

        Arithmetic(int inputs, int units, int direction, int length, int bias) {
            this.inputs = inputs;
            this.units = units;
            this.direction = direction;
            this.length = length;
            this.bias = bias;
            projection = new float[units];
            inverse = new float[units];
            along = new float[units];
            back = new float[units];
            lengthGradient = new float[units];
            gradient = new float[units];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            Arrays.fill(projection, 0);
            Arrays.fill(inverse, 0);
            for (int i = 0, at = direction; i < inputs; i++, at += units) {
                float x = input[i];
                for (int unit = 0; unit < units; unit++) {
                    float v = row[at + unit];
                    projection[unit] += x * v;
                    inverse[unit] += v * v;
                }
            }
            for (int unit = 0; unit < units; unit++) {
                inverse[unit] = 1 / (float) Math.sqrt(inverse[unit]);
                projection[unit] *= inverse[unit];
                output[unit] = row[length + unit] * projection[unit] + row[bias + unit];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int unit = 0; unit < units; unit++) {
                lengthGradient[unit] = outputDelta[unit] * projection[unit];
                along[unit] = outputDelta[unit] * row[length + unit] * inverse[unit];
                back[unit] = along[unit] * projection[unit] * inverse[unit];
            }
            for (int i = 0, at = direction; i < inputs; i++, at += units) {
                float sum = 0;
                for (int unit = 0; unit < units; unit++) {
                    sum += along[unit] * row[at + unit];
                }
                inputDelta[i] = sum;
            }
        }

        /** The gradient of V is at right angles to V: a squared length is that of along * input less that of its part along V. */
        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double inputSquare = 0;
            for (int i = 0; i < inputs; i++) {
                inputSquare += (double) input[i] * input[i];
            }
            double sum = 0;
            for (int unit = 0; unit < units; unit++) {
                double across = Math.max(0, inputSquare - (double) projection[unit] * projection[unit]);
                sum += across * along[unit] * along[unit]
                        + (double) lengthGradient[unit] * lengthGradient[unit]
                        + (double) outputDelta[unit] * outputDelta[unit];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            for (int i = 0, at = direction; i < inputs; i++, at += units) {
                for (int unit = 0; unit < units; unit++) {
                    gradient[unit] = along[unit] * input[i] - back[unit] * row[at + unit];
                }
                descent.step(row, at, units, gradient, 0, 1);
            }
            descent.step(row, length, units, lengthGradient, 0, 1);
            descent.step(row, bias, units, outputDelta, 0, 1);
        }
    }
}
