package io.millrace.models.layer;

import io.millrace.models.program.Descent;
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
import java.util.ArrayList;
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
        List<Stage> stages = new ArrayList<>();
        Shape shape = new Shape(site.input().width(), site.input().numeric(), false);
        for (Layer layer : layers) {
            stages.add(layer.compile(site.inner(stages.size() + "." + Settings.term(layer.getClass()), shape)));
            shape = stages.get(stages.size() - 1).output();
        }
        if (shape.width() != site.input().width()) {
            throw new IllegalArgumentException(
                    "the inner layers give " + shape.width() + " columns, which cannot be added to the input's "
                            + site.input().width());
        }
        return new Compiled(shape.width(), List.copyOf(stages));
    }

    private record Compiled(int width, List<Stage> stages) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(width);
        }

        @Override
        public boolean stochastic() {
            return stages.stream().anyMatch(Stage::stochastic);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(width, stages, layout);
        }

        @Override
        public String script(Script script, String input) {
            boolean draws = script.learning() && stochastic();
            String outer = draws ? script.let("draw") : "";
            String value = input;
            for (int s = 0; s < stages.size(); s++) {
                if (draws) {
                    script.add("draw = self.mix(" + outer + " + " + s * Noise.STRIDE + ")");
                }
                value = stages.get(s).script(script, value);
            }
            return script.let(input + " + " + value);
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int width;
        private final Kernel[] kernels;
        private final float[][] values; // values[s] flows into inner stage s; the first is the input
        private final float[][] deltas; // gradients in the values; the last is the gradient in the output

        Arithmetic(int width, List<Stage> stages, Layout layout) {
            this.width = width;
            kernels = stages.stream().map(stage -> stage.kernel(layout)).toArray(Kernel[]::new);
            values = new float[kernels.length + 1][];
            deltas = new float[kernels.length + 1][];
            values[0] = new float[width];
            deltas[0] = new float[width];
            for (int s = 1; s < values.length; s++) {
                values[s] = new float[stages.get(s - 1).output().width()];
                deltas[s] = new float[values[s].length];
            }
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            values[0] = input;
            for (int s = 0; s < kernels.length; s++) {
                kernels[s].forward(row, values[s], values[s + 1]);
            }
            add(input, values[kernels.length], output);
        }

        @Override
        public void forwardLearning(float[] row, float[] input, float[] output, long draw) {
            values[0] = input;
            for (int s = 0; s < kernels.length; s++) {
                kernels[s].forwardLearning(row, values[s], values[s + 1], Noise.at(draw, s));
            }
            add(input, values[kernels.length], output);
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            deltas[kernels.length] = outputDelta;
            for (int s = kernels.length - 1; s >= 0; s--) {
                kernels[s].backward(row, values[s], values[s + 1], deltas[s + 1], deltas[s]);
            }
            add(outputDelta, deltas[0], inputDelta);
        }

        private void add(float[] one, float[] other, float[] sum) {
            for (int i = 0; i < width; i++) {
                sum[i] = one[i] + other[i];
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double sum = 0;
            for (int s = 0; s < kernels.length; s++) {
                sum += kernels[s].squaredGradient(values[s], deltas[s + 1]);
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            for (int s = 0; s < kernels.length; s++) {
                kernels[s].update(row, values[s], deltas[s + 1], descent);
            }
        }
    }
}
