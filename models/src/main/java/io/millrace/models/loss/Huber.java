package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Squared for small residuals, linear for large ones: one outlier moves the model only so far.
 *
 * @see "P. J. Huber, Robust Estimation of a Location Parameter, 1964"
 */
@Term(value = "huber", about = "Squared for small residuals of a value, linear for large ones.")
public record Huber(
        @Setting(
                value = "Residual at which it turns linear, in deviations of the label if that is standardized.",
                byDefault = "1.0",
                above = 0)
        double delta,

        @Setting(value = "Learn the label's running z-score, so that its unit does not matter.", byDefault = "true")
        boolean standardizeLabel)
        implements Loss {
    public Huber {
        Settings.check(Huber.class, delta, standardizeLabel);
    }

    @Override
    public Head compile(Target target, Site site) {
        return Residuals.compile("huber", new Bounded((float) delta), standardizeLabel, target, site);
    }

    private record Bounded(float delta) implements Residuals.Penalty {
        @Override
        public double of(float residual) {
            double size = Math.abs(residual);
            return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
        }

        @Override
        public float slope(float residual) {
            return Math.max(-delta, Math.min(delta, residual));
        }

        @Override
        public String script(Script script, String residual) {
            String size = script.let("torch.abs(" + residual + ")");
            String inner = script.let("torch.clamp(" + size + ", max=" + delta + ")");
            return script.let(inner + " * " + inner + " * 0.5 + (" + size + " - " + inner + ") * " + delta);
        }

        @Override
        public String slopeScript(String residual) {
            return "torch.clamp(" + residual + ", -" + delta + ", " + delta + ")";
        }
    }
}
