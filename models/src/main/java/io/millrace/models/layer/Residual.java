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
 * Adds to the input what inner layers make of it: {@code output = input + layers(input)}. A missing number is 0 here.
 *
 * @see "K. He et al., Deep Residual Learning for Image Recognition, 2016, equation 1"
 */
@Term(value = "residual", about = "Adds to the input what inner layers make of it.")
public record Residual(
        @Setting(value = "Inner layers; their output must be as wide as their input.", atLeast = 1, atMost = 100)
        List<Layer> layers)
        implements Layer {
    public Residual {
        Settings.check(Residual.class, layers);
        layers = List.copyOf(layers);
    }

    @Override
    public Stage compile(Site site) {
        Chain chain = Chain.compile(layers, site);
        int width = chain.output().width();
        if (width != site.input().width()) {
            throw new IllegalArgumentException(
                    "the inner layers give " + width + " columns, which cannot be added to the input's "
                            + site.input().width());
        }
        return new Compiled(chain);
    }

    private record Compiled(Chain chain) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(chain.output().width());
        }

        @Override
        public boolean stochastic() {
            return chain.stochastic();
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(chain.kernel(layout), output().width());
        }

        @Override
        public String script(Script script, String input) {
            String made = chain.script(script, input);
            String output = script.let(input + " + " + made);
            script.derive(output, slope -> {
                script.slope(input, slope);
                script.slope(made, slope);
            });
            return output;
        }
    }

    private static final class Arithmetic implements Kernel {
        private final Kernel chain;
        private final float[] made; // of the input by the inner layers
        private final float[] delta; // gradient in the input, by way of the inner layers

        Arithmetic(Kernel chain, int width) {
            this.chain = chain;
            made = new float[width];
            delta = new float[width];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            chain.forward(row, input, made);
            add(input, made, output);
        }

        @Override
        public void forwardLearning(float[] row, float[] input, float[] output, long draw) {
            chain.forwardLearning(row, input, made, draw);
            add(input, made, output);
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            chain.backward(row, input, made, outputDelta, delta);
            add(outputDelta, delta, inputDelta);
        }

        private static void add(float[] one, float[] other, float[] sum) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] = one[i] + other[i];
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            return chain.squaredGradient(input, outputDelta);
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            chain.update(row, input, outputDelta, descent);
        }
    }
}
