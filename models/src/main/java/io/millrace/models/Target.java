package io.millrace.models;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/** What a model predicts, and what its labels look like. */
public sealed interface Target extends Serializable {

    /** Names of the classes, in the order of the scores; empty if a value is predicted. */
    List<String> classes();

    /** Length of the scores of one prediction: a probability per class, or one value. */
    default int scores() {
        return Math.max(1, classes().size());
    }

    /** Length of a label that is known. */
    default int labelWidth() {
        return 1;
    }

    /** True for a label of this target: [labelWidth] finite numbers; a class must be one of them. */
    default boolean fits(float[] label) {
        boolean fits = label.length == labelWidth();
        for (int i = 0; i < label.length && fits; i++) {
            fits = Float.isFinite(label[i]);
        }
        return fits
                && (classes().isEmpty()
                        || (point(label) >= 0 && point(label) < classes().size()));
    }

    /**
     * A label as one number: the value, or the index of the class; of several the most probable, of those the first.
     *
     * @param label [labelWidth]
     */
    default float point(float[] label) {
        return label[0];
    }

    /**
     * One of several classes; a label is its index.
     *
     * @param classes their names, at least two, distinct
     */
    record Classes(List<String> classes) implements Target {
        public Classes {
            classes = distinct(classes);
        }
    }

    /**
     * How probable each of several classes is; a label is a probability of each, and sums to 1.
     *
     * @param classes their names, at least two, distinct
     */
    record Distribution(List<String> classes) implements Target {
        public Distribution {
            classes = distinct(classes);
        }

        @Override
        public int labelWidth() {
            return classes.size();
        }

        @Override
        public float point(float[] label) {
            return highest(label);
        }
    }

    /** A real number, which is its own label. */
    record Value() implements Target {
        @Override
        public List<String> classes() {
            return List.of();
        }
    }

    /** Index of the highest number; the first of several. */
    static int highest(float[] numbers) {
        int highest = 0;
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] > numbers[highest]) {
                highest = i;
            }
        }
        return highest;
    }

    private static List<String> distinct(List<String> classes) {
        if (classes.size() > Inputs.MOST) {
            throw new IllegalArgumentException(
                    "there may be at most " + Inputs.MOST + " classes, and these are " + classes.size());
        }
        if (classes.size() < 2) {
            throw new IllegalArgumentException("classes=" + classes + " must name at least two classes");
        }
        if (new HashSet<>(classes).size() != classes.size()) {
            throw new IllegalArgumentException("classes=" + classes + " must be distinct");
        }
        return List.copyOf(classes);
    }
}
