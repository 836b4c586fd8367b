package io.millrace.models.layer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Puts beside the input what inner layers make of it: {@code output = [input, layers(input)]}. A missing number is 0
 * here.
 *
 * @see "G. Huang et al., Densely Connected Convolutional Networks, 2017, equation 2"
 */
@Term(value = "concat", about = "Puts beside the input what inner layers make of it.")
public record Concat(
        @Setting(value = "Inner layers.", atLeast = 1, atMost = 100)
        List<Layer> layers) implements Layer {
    public Concat {
        Settings.check(Concat.class, layers);
        layers = List.copyOf(layers);
    }

    @Override
    public Stage compile(Site site) {
        return new Compiled(Chain.compile(layers, site), site.input().width());
    }

    /** @param width of the input */
    private record Compiled(Chain chain, int width) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(Math.addExact(width, chain.output().width()));
        }

        @Override
        public boolean stochastic() {
            return chain.stochastic();
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(chain.kernel(layout), width, chain.output().width());
        }

        @Override
        public String script(Script script, String input) {
            String made = chain.script(script, input);
            String output = script.let("torch.cat([" + input + ", " + made + "], 1)");
            script.derive(output, slope -> {
                script.slope(input, slope + "[:, 0:" + width + "]");
                script.slope(made, slope + "[:, " + width + ":" + output().width() + "]");
            });
            return output;
        }
    }

    private static final class Arithmetic implements Kernel {
        private final Kernel chain;
        private final int width;
        private final float[] made; // of the input by the inner layers
        private final float[] madeDelta; // gradient in it

        Arithmetic(Kernel chain, int width, int made) {
            this.chain = chain;
            this.width = width;
            this.made = new float[made];
            madeDelta = new float[made];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            chain.forward(row, input, made);
            join(input, output);
        }

        @Override
        public void forwardLearning(float[] row, float[] input, float[] output, long draw) {
            chain.forwardLearning(row, input, made, draw);
            join(input, output);
        }

        private void join(float[] input, float[] output) {
            System.arraycopy(input, 0, output, 0, width);
            System.arraycopy(made, 0, output, width, made.length);
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            System.arraycopy(outputDelta, width, madeDelta, 0, made.length);
            chain.backward(row, input, made, madeDelta, inputDelta);
            for (int i = 0; i < width; i++) {
                inputDelta[i] += outputDelta[i];
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            return chain.squaredGradient(input, madeDelta);
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            chain.update(row, input, madeDelta, descent);
        }
    }
}
