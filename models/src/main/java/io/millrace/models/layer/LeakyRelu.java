package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Rectifier that lets a share of negative numbers through, so that no unit falls silent for good:
 * {@code x > 0 ? x : slope * x}.
 *
 * <p>The share is PyTorch's 0.01 unless given; the paper has both 0.01 and, as "very leaky", 0.3.
 *
 * @see "A. L. Maas, A. Y. Hannun, A. Y. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013"
 */
@Term(value = "leaky-relu", about = "Rectifier that lets a share of negative numbers through.")
public record LeakyRelu(
        @Setting(value = "Slope for negative numbers.", byDefault = "0.01", atLeast = 0, below = 1)
        double slope) implements Layer {
    public LeakyRelu {
        Settings.check(LeakyRelu.class, slope);
    }

    @Override
    public Stage compile(Site site) {
        return new Elementwise(site.input().width(), new Curve((float) slope));
    }

    private record Curve(float leak) implements Elementwise.Function {
        @Override
        public void values(float[] x, float[] y) {
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] > 0 ? x[i] : leak * x[i];
            }
        }

        @Override
        public void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta) {
            for (int i = 0; i < x.length; i++) {
                xDelta[i] = x[i] > 0 ? yDelta[i] : leak * yDelta[i];
            }
        }

        @Override
        public String script(String x) {
            return "torch.leaky_relu(" + x + ", " + leak + ")";
        }

        @Override
        public String slopeScript(String x, String y, String slope) {
            return "torch.leaky_relu_backward(" + slope + ", " + x + ", " + leak + ", False)";
        }

        @Override
        public boolean even() {
            return true;
        }
    }
}
