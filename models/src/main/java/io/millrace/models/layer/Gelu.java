package io.millrace.models.layer;

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
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = 0.5f * x[i] * (1 + tanh(x[i]));
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                float tanh = tanh(x[i]);
                float inner = ROOT * (1 + 3 * CUBIC * x[i] * x[i]);
                xDelta[i] = yDelta[i] * (0.5f * (1 + tanh) + 0.5f * x[i] * (1 - tanh * tanh) * inner);
            }
        }

        @Override
        public String script(String x) {
            return "torch.gelu(" + x + ", approximate=\"tanh\")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.gelu_backward(" + slope + ", " + x + ", approximate=\"tanh\")";
        }

        private static float tanh(float x) {
            return (float) Math.tanh(ROOT * (x + CUBIC * x * x * x));
        }
    }
}
