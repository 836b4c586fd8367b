package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/**
 * Smooth and self-gated: {@code x * tanh(softplus(x))}.
 *
 * @see "D. Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2020"
 */
@Term(value = "mish", about = "Smooth, self-gated: x tanh(softplus(x)).")
public record Mish() implements Layer {
    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] * (float) Math.tanh(Softplus.of(x[i]));
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                float gate = (float) Math.tanh(Softplus.of(x[i]));
                xDelta[i] = yDelta[i] * (gate + x[i] * (1 - gate * gate) * Sigmoid.of(x[i]));
            }
        }

        @Override
        public String script(String x) {
            return "torch.mish(" + x + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.mish_backward(" + slope + ", " + x + ")";
        }
    }
}
