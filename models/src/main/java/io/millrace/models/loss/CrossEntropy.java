package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Negative log-likelihood of the class, in nats: logistic with one output for two classes, softmax with an output
 * per class for more. Of a label that holds a probability per class it is the expectation.
 *
 * <p>Smoothed as PyTorch has it: of every label the given share is spread over all classes, its own included.
 *
 * @see "C. M. Bishop, Pattern Recognition and Machine Learning, 2006, sections 4.3.2 and 4.3.4"
 * @see "C. Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2016, section 7"
 */
@Term(value = "cross-entropy", about = "Negative log-likelihood of the class, in nats: logistic or softmax.")
public record CrossEntropy(
        @Setting(
                value = "Share of each label that is spread evenly over all classes, against overconfidence.",
                byDefault = "0.0",
                atLeast = 0,
                below = 1)
        double labelSmoothing)
        implements Loss {
    public CrossEntropy() {
        this(0);
    }

    public CrossEntropy {
        Settings.check(CrossEntropy.class, labelSmoothing);
    }

    @Override
    public Head compile(Target target, Site site) {
        return classifier("cross-entropy", target, (float) labelSmoothing);
    }

    /**
     * Probabilities of the classes, and their negative log-likelihood.
     *
     * @throws IllegalArgumentException if the target is a value, naming the loss
     */
    static Head classifier(String loss, Target target, float smoothing) {
        if (target.classes().isEmpty()) {
            throw new IllegalArgumentException(loss + " needs classes, and the label is a value: use squared or huber");
        }
        Shares shares = Shares.of(target, smoothing);
        return shares.classes() == 2 ? new Logistic(shares) : new Softmax(shares);
    }
}
