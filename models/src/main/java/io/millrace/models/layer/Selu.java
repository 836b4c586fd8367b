package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/**
 * Scaled exponential linear unit: {@code scale * elu(x)} with the constants whose fixed point is mean 0 and variance 1.
 *
 * <p>The paper draws weights with variance 1 / inputs; dense layers draw twice that, so activations of new models
 * start somewhat larger than the fixed point.
 *
 * @see "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, Self-Normalizing Neural Networks, 2017, equation 2"
 */
@Term(value = "selu", about = "Scaled exponential linear unit; keeps mean 0 and variance 1 from layer to layer.")
public record Selu() implements Layer {
    private static final float SCALE = 1.050701f;
    private static final float FLOOR = 1.7580993f;

    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] > 0 ? SCALE * x[i] : FLOOR * (float) Math.expm1(x[i]);
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                xDelta[i] = yDelta[i] * (x[i] > 0 ? SCALE : y[i] + FLOOR);
            }
        }

        @Override
        public String script(String x) {
            return "torch.selu(" + x + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.elu_backward(" + slope + ", " + FLOOR / SCALE + ", " + SCALE + ", 1, True, " + y + ")";
        }
    }
}
