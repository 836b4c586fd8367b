package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/** Half the squared residual, so that its slope is the residual. */
@Term(value = "squared", about = "Half the squared residual of a value.")
public record Squared(
        @Setting(value = "Learn the label's running z-score, so that its unit does not matter.", byDefault = "true")
        boolean standardizeLabel)
        implements Loss {
    public Squared() {
        this(true);
    }

    public Squared {
        Settings.check(Squared.class, standardizeLabel);
    }

    @Override
    public Head compile(Target target, Site site) {
        return Residuals.compile("squared", new HalfSquare(), standardizeLabel, target, site);
    }

    private record HalfSquare() implements Residuals.Penalty {
        @Override
        public double of(float residual) {
            return 0.5 * residual * residual;
        }

        @Override
        public float slope(float residual) {
            return residual;
        }

        @Override
        public String script(Script script, String residual) {
            return script.let(residual + " * " + residual + " * 0.5");
        }

        @Override
        public String slopeScript(String residual) {
            return residual;
        }
    }
}
