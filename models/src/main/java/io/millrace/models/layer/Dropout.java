package io.millrace.models.layer;

import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Inverted dropout: while learning, each column becomes 0 with the given probability and the others grow so that
 * the expected sum stays. Predictions see every column. The choices follow from the key and the number of the
 * update alone, so a replay repeats them.
 *
 * @see "N. Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014"
 */
@Term(value = "dropout", about = "Inverted dropout: hides columns at random while learning.")
public record Dropout(
        @Setting(value = "Probability that a column is hidden.", byDefault = "0.5", atLeast = 0, below = 1)
        double rate) implements Layer {
    public Dropout {
        Settings.check(Dropout.class, rate);
    }

    @Override
    public Stage compile(Site site) {
        return new Compiled(site.input(), Math.round((1 - rate) * 0x1p32), (float) (1 / (1 - rate)));
    }

    private record Compiled(Shape output, long kept, float scale) implements Stage {
        @Override
        public boolean stochastic() {
            return true;
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(output.width(), kept, scale);
        }

        @Override
        public String script(Script script, String input) {
            if (!script.learning()) {
                return input;
            }
            String shown = script.let(script.noise(output.width()) + " < " + kept);
            String output = script.let("torch.where(" + shown + ", " + input + " * " + scale + ", 0.)");
            script.derive(
                    output,
                    slope -> script.slope(input, "torch.where(" + shown + ", " + slope + " * " + scale + ", 0.)"));
            return output;
        }
    }

    private record Arithmetic(int width, long kept, float scale, float[] mask) implements Kernel {
        Arithmetic(int width, long kept, float scale) {
            this(width, kept, scale, new float[width]);
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            System.arraycopy(input, 0, output, 0, width);
        }

        @Override
        public void forwardLearning(float[] row, float[] input, float[] output, long draw) {
            for (int i = 0; i < width; i++) {
                mask[i] = Noise.at(draw, i) < kept ? scale : 0;
                output[i] = input[i] * mask[i];
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                inputDelta[i] = outputDelta[i] * mask[i];
            }
        }
    }
}
