package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/**
 * Sigmoid linear unit: {@code x * sigmoid(x)}, also called swish with beta 1.
 *
 * @see "S. Elfwing, E. Uchibe, K. Doya, Sigmoid-Weighted Linear Units for Neural Network Function Approximation in
 *     Reinforcement Learning, 2018"
 */
@Term(value = "silu", about = "Sigmoid linear unit, also called swish: x sigmoid(x).")
public record Silu() implements Layer {
    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] * Sigmoid.of(x[i]);
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                float sigmoid = Sigmoid.of(x[i]);
                xDelta[i] = yDelta[i] * sigmoid * (1 + x[i] * (1 - sigmoid));
            }
        }

        @Override
        public String script(String x) {
            return "torch.silu(" + x + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.silu_backward(" + slope + ", " + x + ")";
        }
    }
}
