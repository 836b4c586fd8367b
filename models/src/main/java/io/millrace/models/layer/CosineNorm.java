package io.millrace.models.layer;

import io.millrace.models.program.Descent;
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
 * Fully connected layer that gives the cosine between the input and each unit's weights, in [-1, 1]; there is no bias.
 *
 * <p>The paper has no epsilon; ours keeps the slope bounded for inputs near zero, and gives 0 for an input of zeros.
 * Gives NaN, so that nothing is learnt, where the squares overflow.
 *
 * @see "C. Luo et al., Cosine Normalization: Using Cosine Similarity Instead of Dot Product in Neural Networks, 2018,
 *     equation 7"
 */
@Term(value = "cosine-norm", about = "Fully connected layer that gives the cosine of input and weights.")
public record CosineNorm(
        @Setting(value = "Number of units.", atLeast = 1, atMost = 65536)
        int units,

        @Setting(value = "Added to the squared length of the input.", byDefault = "1e-5", above = 0)
        double epsilon,

        @Setting(value = "How the weights start.", byDefault = "he")
        InitialWeights initializer)
        implements Layer {
    public CosineNorm {
        Settings.check(CosineNorm.class, units, epsilon, initializer);
    }

    /** A layer that starts as is usual. */
    public CosineNorm(int units, double epsilon) {
        this(units, epsilon, InitialWeights.HE);
    }

    @Override
    public Stage compile(Site site) {
        int inputs = site.input().width();
        Range weight = site.parameter("weight", initializer.directions(inputs, units), inputs, units);
        return new Compiled(inputs, units, (float) epsilon, weight);
    }

    private record Compiled(int inputs, int units, float epsilon, Range weight) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(units);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(inputs, units, epsilon, layout.at(weight));
        }

        @Override
        public String script(Script script, String input) {
            String w = script.range(weight);
            String square = script.let("torch.sum(" + input + " * " + input + ", [1], True)");
            String sound = script.let("torch.where(torch.isfinite(" + square + "), " + square + ", nan)");
            String unit = script.let(input + " * torch.rsqrt(" + sound + " + " + epsilon + ")");
            String product = script.product(unit, w);
            return script.let(product + " * torch.rsqrt(torch.sum(" + w + " * " + w + ", [1]))");
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int inputs;
        private final int units;
        private final float epsilon;
        private final int weight;
        private final float[] cosine;
        private final float[] inverse; // 1 / |w| of each unit
        private final float[] along; // gradient of w is along * input / |input| - back * w
        private final float[] back;
        private final float[] gradient;
        private float inputInverse; // 1 / |input|

        Arithmetic(int inputs, int units, float epsilon, int weight) {
            this.inputs = inputs;
            this.units = units;
            this.epsilon = epsilon;
            this.weight = weight;
            cosine = new float[units];
            inverse = new float[units];
            along = new float[units];
            back = new float[units];
            gradient = new float[units];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            float square = 0;
            for (int i = 0; i < inputs; i++) {
                square += input[i] * input[i];
            }
            inputInverse = 1 / (float) Math.sqrt((Float.isFinite(square) ? square : Float.NaN) + epsilon);
            Arrays.fill(cosine, 0);
            Arrays.fill(inverse, 0);
            for (int i = 0, at = weight; i < inputs; i++, at += units) {
                float x = input[i] * inputInverse;
                for (int unit = 0; unit < units; unit++) {
                    float w = row[at + unit];
                    cosine[unit] += x * w;
                    inverse[unit] += w * w;
                }
            }
            for (int unit = 0; unit < units; unit++) {
                inverse[unit] = 1 / (float) Math.sqrt(inverse[unit]);
                cosine[unit] *= inverse[unit];
                output[unit] = cosine[unit];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            float radial = 0;
            for (int unit = 0; unit < units; unit++) {
                along[unit] = outputDelta[unit] * inverse[unit];
                back[unit] = along[unit] * cosine[unit] * inverse[unit];
                radial += outputDelta[unit] * cosine[unit];
            }
            for (int i = 0, at = weight; i < inputs; i++, at += units) {
                float sum = 0;
                for (int unit = 0; unit < units; unit++) {
                    sum += along[unit] * row[at + unit];
                }
                inputDelta[i] = (sum - radial * input[i] * inputInverse) * inputInverse;
            }
        }

        /** The gradient of w is at right angles to w: what counts is the part of the scaled input across w. */
        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double inputSquare = 0;
            for (int i = 0; i < inputs; i++) {
                double x = input[i] * inputInverse;
                inputSquare += x * x;
            }
            double sum = 0;
            for (int unit = 0; unit < units; unit++) {
                double across = Math.max(0, inputSquare - (double) cosine[unit] * cosine[unit]);
                sum += across * along[unit] * along[unit];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            for (int i = 0, at = weight; i < inputs; i++, at += units) {
                float x = input[i] * inputInverse;
                for (int unit = 0; unit < units; unit++) {
                    gradient[unit] = along[unit] * x - back[unit] * row[at + unit];
                }
                descent.step(row, at, units, gradient, 0, 1);
            }
        }
    }
}
