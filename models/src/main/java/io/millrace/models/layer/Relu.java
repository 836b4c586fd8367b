package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/** Rectifier: {@code max(x, 0)}, with slope 0 at 0. */
@Term(value = "relu", about = "Rectifier: max(x, 0).")
public record Relu() implements Layer {
    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve());
    }

    private record Curve() implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = Math.max(x[i], 0);
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                xDelta[i] = x[i] > 0 ? yDelta[i] : 0;
            }
        }

        @Override
        public String script(String x) {
            return "torch.relu(" + x + ")";
        }
    }
}
