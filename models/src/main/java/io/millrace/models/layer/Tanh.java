package io.millrace.models.layer;

import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/** Hyperbolic tangent. */
@Term(value = "tanh", about = "Hyperbolic tangent.")
public record Tanh() implements Layer {
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
            return script.let("torch.tanh(" + input + ")");
        }
    }

    private record Arithmetic(int width) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            for (int i = 0; i < width; i++) {
                output[i] = (float) Math.tanh(input[i]);
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                inputDelta[i] = outputDelta[i] * (1 - output[i] * output[i]);
            }
        }
    }
}
