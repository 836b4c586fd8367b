package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Term;

/**
 * Negative log-likelihood of the class, in nats: logistic with one output for two classes, softmax with an output
 * per class for more.
 *
 * @see "C. M. Bishop, Pattern Recognition and Machine Learning, 2006, sections 4.3.2 and 4.3.4"
 */
@Term(value = "cross-entropy", about = "Negative log-likelihood of the class, in nats: logistic or softmax.")
public record CrossEntropy() implements Loss {
    @Override
    public Head compile(Target target, Site site) {
        if (!(target instanceof Target.Classes classes)) {
            throw new IllegalArgumentException(
                    "cross-entropy needs classes, and the label is a value: use squared or huber");
        }
        return classes.scores() == 2 ? new Logistic() : new Softmax(classes.scores());
    }
}
