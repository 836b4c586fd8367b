package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.Site;
import java.io.Serializable;

/** What a model minimizes. The {@code permits} clause is the catalogue that job files choose from. */
public sealed interface Loss extends Serializable
        permits CrossEntropy, KlDivergence, Hinge, Squared, Huber, Quantile, Poisson {

    /**
     * Lays the loss out for a target.
     *
     * @throws IllegalArgumentException if the loss does not fit the target
     */
    Head compile(Target target, Site site);

    /** Share of labels that should lie below a predicted value. */
    default double quantile() {
        return 0.5;
    }

    /** The loss of a model whose spec names none. */
    static Loss of(Target target) {
        return target.classes().isEmpty() ? new Squared() : new CrossEntropy();
    }
}
