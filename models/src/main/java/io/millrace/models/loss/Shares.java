package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Script;

/**
 * What a label says of each class: its own class 1, the others 0, or the probabilities that a soft label holds. Then
 * the smoothing is taken off all of them and spread evenly.
 *
 * @param classes how many there are
 * @param soft true if labels are probabilities of the classes, false if they are a class's index
 * @param kept share of a label that stays where it is
 * @param each share that every class gets
 */
record Shares(int classes, boolean soft, float kept, float each) {
    static Shares of(Target target, float smoothing) {
        int classes = target.classes().size();
        return new Shares(classes, target instanceof Target.Distribution, 1 - smoothing, smoothing / classes);
    }

    /** The share of one class of a label [target.labelWidth]. */
    float of(float[] label, int index) {
        float own = soft ? label[index] : label[0] == index ? 1 : 0;
        return own * kept + each;
    }

    /** The shares [rows, classes] of labels [rows, target.labelWidth]. */
    String script(Script script, String label) {
        String own = soft
                ? label
                : "(" + label + " == torch.arange(" + classes + ", dtype=4, device=" + label + ".device)).float()";
        return kept == 1 ? script.let(own) : script.let(own + " * " + kept + " + " + each);
    }
}
