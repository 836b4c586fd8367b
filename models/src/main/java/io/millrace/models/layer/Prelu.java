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
import io.millrace.models.spec.Term;

/**
 * Rectifier that learns how much of a negative number it lets through: {@code x > 0 ? x : slope * x}.
 *
 * <p>A slope per column, as in the paper's channel-wise form, where PyTorch's default is one for all; slopes start at
 * 0.25 as in both.
 *
 * @see "K. He et al., Delving Deep into Rectifiers, 2015, section 2.1"
 */
@Term(value = "prelu", about = "Rectifier that learns its slope for negative numbers, column by column.")
public record Prelu() implements Layer {
    @Override
    public Stage compile(Site site) {
        int width = site.input().width();
        return new Compiled(width, site.parameter("slope", Initializer.constant(0.25), width));
    }

    private record Compiled(int width, Range slope) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(width);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(width, layout.at(slope), new float[width]);
        }

        @Override
        public String script(Script script, String input) {
            String leak = script.range(slope);
            String passes = script.let(input + " > 0.");
            String output = script.let("torch.where(" + passes + ", " + input + ", " + input + " * " + leak + ")");
            script.derive(output, pull -> {
                script.gradient(slope, "torch.where(" + passes + ", 0., " + pull + " * " + input + ")");
                script.slope(input, "torch.where(" + passes + ", " + pull + ", " + pull + " * " + leak + ")");
            });
            return output;
        }
    }

    private record Arithmetic(int width, int slope, float[] slopeGradient) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            for (int i = 0; i < width; i++) {
                output[i] = input[i] > 0 ? input[i] : row[slope + i] * input[i];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                boolean passes = input[i] > 0;
                slopeGradient[i] = passes ? 0 : outputDelta[i] * input[i];
                inputDelta[i] = passes ? outputDelta[i] : outputDelta[i] * row[slope + i];
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += (double) slopeGradient[i] * slopeGradient[i];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            descent.step(row, slope, width, slopeGradient, 0, 1);
        }
    }
}
