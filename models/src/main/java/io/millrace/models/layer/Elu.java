package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Exponential linear unit: {@code x > 0 ? x : alpha * (exp(x) - 1)}.
 *
 * @see "D.-A. Clevert, T. Unterthiner, S. Hochreiter, Fast and Accurate Deep Network Learning by ELUs, 2016, equation 15"
 */
@Term(value = "elu", about = "Exponential linear unit: x or, below 0, alpha (exp(x) - 1).")
public record Elu(
        @Setting(value = "What it tends to for negative numbers, taken negative.", byDefault = "1.0", above = 0)
        double alpha)
        implements Layer {
    public Elu {
        Settings.check(Elu.class, alpha);
    }

    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve((float) alpha));
    }

    private record Curve(float alpha) implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] > 0 ? x[i] : alpha * (float) Math.expm1(x[i]);
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                xDelta[i] = x[i] > 0 ? yDelta[i] : yDelta[i] * (y[i] + alpha);
            }
        }

        @Override
        public String script(String x) {
            return "torch.elu(" + x + ", " + alpha + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.elu_backward(" + slope + ", " + alpha + ", 1, 1, True, " + y + ")";
        }
    }
}
