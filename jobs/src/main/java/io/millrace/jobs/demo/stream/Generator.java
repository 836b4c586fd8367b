package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.List;

/** Draws labelled events, one after the other; the same seed draws the same. Belongs to one thread. */
public interface Generator {
    /** Names of the features, in their order. */
    List<String> features();

    /** Those features whose numbers are names of categories. */
    default List<String> categories() {
        return List.of();
    }

    /** Number of classes. */
    int classes();

    /** When what there is to learn changes, in order. */
    List<Drift> drifts();

    /**
     * Draws the next event.
     *
     * @param features [features], overwritten
     * @return its class, in [0, classes)
     */
    int next(double[] features);
}
