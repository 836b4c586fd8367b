package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/**
 * Smooth rectifier: {@code log(1 + exp(x))}. Written so that it cannot overflow; PyTorch returns x itself above 20,
 * where the two differ by less than 3e-9.
 *
 * @see "C. Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, 2001"
 */
@Term(value = "softplus", about = "Smooth rectifier: log(1 + exp(x)).")
public record Softplus() implements Layer {
    static float of(float x) {
        return (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    }

    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = of(x[i]);
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                xDelta[i] = yDelta[i] * Sigmoid.of(x[i]);
            }
        }

        @Override
        public String script(String x) {
            return "torch.softplus(" + x + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return slope + " * torch.sigmoid(" + x + ")";
        }
    }
}
