package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Pinball loss, least at a quantile of the value: labels above the prediction cost {@code quantile} per unit, labels
 * below it {@code 1 - quantile}. At 0.5 it is half the absolute error, and predicts the median.
 *
 * @see "R. Koenker, G. Bassett, Regression Quantiles, 1978"
 */
@Term(value = "quantile", about = "Pinball loss: predicts a quantile of a value instead of its mean.")
public record Quantile(
        @Setting(value = "Share of labels that lie below the prediction.", byDefault = "0.5", above = 0, below = 1)
        double quantile,

        @Setting(value = "Learn the label's running z-score, so that its unit does not matter.", byDefault = "true")
        boolean standardizeLabel)
        implements Loss {
    public Quantile {
        Settings.check(Quantile.class, quantile, standardizeLabel);
    }

    @Override
    public Head compile(Target target, Site site) {
        Residuals.Penalty pinball = new Pinball((float) (1 - quantile), (float) quantile);
        return Residuals.compile("quantile", pinball, standardizeLabel, target, site);
    }

    /** Cost per unit of a prediction above the label, and below it. */
    private record Pinball(float above, float below) implements Residuals.Penalty {
        @Override
        public double of(float residual) {
            return residual * slope(residual);
        }

        @Override
        public float slope(float residual) {
            return residual > 0 ? above : -below;
        }

        @Override
        public String script(Script script, String residual) {
            String over = residual + " * " + above;
            return script.let("torch.where(" + residual + " > 0., " + over + ", " + residual + " * -" + below + ")");
        }

        @Override
        public String slopeScript(String residual) {
            return "torch.where(" + residual + " > 0., " + above + ", -" + below + ")";
        }
    }
}
