package io.millrace.models.layer;

import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/**
 * Gaussian error linear unit in its tanh form, which PyTorch calls {@code approximate="tanh"}.
 *
 * @see "D. Hendrycks, K. Gimpel, Gaussian Error Linear Units, 2016, section 2"
 */
@Term(value = "gelu", about = "Gaussian error linear unit, tanh form.")
public record Gelu() implements Layer {
    private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;

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
            return script.let("torch.gelu(" + input + ", approximate=\"tanh\")");
        }
    }

    private record Arithmetic(int width) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            for (int i = 0; i < width; i++) {
                float x = input[i];
                output[i] = 0.5f * x * (1 + (float) Math.tanh(ROOT * (x + CUBIC * x * x * x)));
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < width; i++) {
                float x = input[i];
                float tanh = (float) Math.tanh(ROOT * (x + CUBIC * x * x * x));
                float slope = 0.5f * (1 + tanh) + 0.5f * x * (1 - tanh * tanh) * ROOT * (1 + 3 * CUBIC * x * x);
                inputDelta[i] = outputDelta[i] * slope;
            }
        }
    }
}
