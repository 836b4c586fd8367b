package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/** Logistic function: {@code 1 / (1 + exp(-x))}. */
@Term(value = "sigmoid", about = "Logistic function: 1 / (1 + exp(-x)).")
public record Sigmoid() implements Layer {
    static float of(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
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
                xDelta[i] = yDelta[i] * y[i] * (1 - y[i]);
            }
        }

        @Override
        public String script(String x) {
            return "torch.sigmoid(" + x + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.sigmoid_backward(" + slope + ", " + y + ")";
        }
    }
}
