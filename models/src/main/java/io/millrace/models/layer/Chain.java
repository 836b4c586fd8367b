package io.millrace.models.layer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Settings;
import java.util.ArrayList;
import java.util.List;

/** The layers within a block, one behind the other, as a single stage. A missing number is 0 here. */
record Chain(List<Stage> stages) implements Stage {
    /** Lays out layers that begin at a block's input. */
    static Chain compile(List<Layer> layers, Site site) {
        List<Stage> stages = new ArrayList<>();
        Shape shape = new Shape(site.input().width(), site.input().numeric(), false);
        for (Layer layer : layers) {
            stages.add(layer.compile(site.inner(stages.size() + "." + Settings.term(layer.getClass()), shape)));
            shape = stages.get(stages.size() - 1).output();
        }
        return new Chain(List.copyOf(stages));
    }

    @Override
    public Shape output() {
        return stages.get(stages.size() - 1).output();
    }

    @Override
    public boolean stochastic() {
        return stages.stream().anyMatch(Stage::stochastic);
    }

    @Override
    public Kernel kernel(Layout layout) {
        return new Arithmetic(stages, layout);
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
        return value;
    }

    private static final class Arithmetic implements Kernel {
        private final Kernel[] kernels;
        private final float[][] values; // values[s] flows into stage s; the first and last belong to the block
        private final float[][] deltas; // gradients in the values

        Arithmetic(List<Stage> stages, Layout layout) {
            kernels = stages.stream().map(stage -> stage.kernel(layout)).toArray(Kernel[]::new);
            values = new float[kernels.length + 1][];
            deltas = new float[kernels.length + 1][];
            for (int s = 1; s < kernels.length; s++) {
                values[s] = new float[stages.get(s - 1).output().width()];
                deltas[s] = new float[values[s].length];
            }
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            between(values, input, output);
            for (int s = 0; s < kernels.length; s++) {
                kernels[s].forward(row, values[s], values[s + 1]);
            }
        }

        @Override
        public void forwardLearning(float[] row, float[] input, float[] output, long draw) {
            between(values, input, output);
            for (int s = 0; s < kernels.length; s++) {
                kernels[s].forwardLearning(row, values[s], values[s + 1], Noise.at(draw, s));
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            between(deltas, inputDelta, outputDelta);
            for (int s = kernels.length - 1; s >= 0; s--) {
                kernels[s].backward(row, values[s], values[s + 1], deltas[s + 1], deltas[s]);
            }
        }

        private static void between(float[][] arrays, float[] first, float[] last) {
            arrays[0] = first;
            arrays[arrays.length - 1] = last;
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
