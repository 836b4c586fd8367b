package io.millrace.models;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/** What a model predicts. A label is one float: the index of a class, or the value itself. */
public sealed interface Target extends Serializable {

    /** Length of the scores of one prediction: a probability per class, or one value. */
    int scores();

    /**
     * One of several classes.
     *
     * @param names at least two, distinct; a label is an index into them
     */
    record Classes(List<String> names) implements Target {
        public Classes {
            names = List.copyOf(names);
            if (names.size() < 2) {
                throw new IllegalArgumentException("classes=" + names + " must name at least two classes");
            }
            if (new HashSet<>(names).size() != names.size()) {
                throw new IllegalArgumentException("classes=" + names + " must be distinct");
            }
        }

        @Override
        public int scores() {
            return names.size();
        }
    }

    /** A real number. */
    record Value() implements Target {
        @Override
        public int scores() {
            return 1;
        }
    }
}
