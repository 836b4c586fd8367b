package io.millrace.models.layer;

import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/** Rectifier: {@code max(x, 0)}, with slope 0 at 0. */
@Term(value = "relu", about = "Rectifier: max(x, 0).")
public record Relu() implements Layer {
    @Override
    public Stage compile(Site site) {
        return new Compiled(site.input().width());
    }

    private record Compiled(int width) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(width);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(width);
        }

        @Override
        public String script(Script script, String input) {
            return script.let("torch.relu(" + input + ")");
        }
    }

    private record Arithmetic(int width) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            for (int i = 0; i < width; i++) {
                output[i] = Math.max(input[i], 0);
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                inputDelta[i] = input[i] > 0 ? outputDelta[i] : 0;
            }
        }
    }
}
