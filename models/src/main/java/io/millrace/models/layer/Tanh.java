package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/** Hyperbolic tangent. */
@Term(value = "tanh", about = "Hyperbolic tangent.")
public record Tanh() implements Layer {
    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = (float) Math.tanh(x[i]);
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                xDelta[i] = yDelta[i] * (1 - y[i] * y[i]);
            }
        }

        @Override
        public String script(String x) {
            return "torch.tanh(" + x + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.tanh_backward(" + slope + ", " + y + ")";
        }

        @Override
        public boolean even() {
            return true;
        }
    }
}
