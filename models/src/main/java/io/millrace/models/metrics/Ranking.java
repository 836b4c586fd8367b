package io.millrace.models.metrics;

import io.millrace.models.metrics.Sums.Place;

/**
 * How well scores rank events, from their binned odds: for two classes, those of class 1; for several the mean over the
 * classes that some, but not all, labels were, each against the rest. NaN if there is none.
 */
final class Ranking {
    private final double area;
    private final double error;

    Ranking(Sums sums, Place place) {
        int rankings = place.bins == 0 ? 0 : sums.classes() == 2 ? 1 : sums.classes();
        double areas = 0;
        double errors = 0;
        int counted = 0;
        for (int ranking = 0; ranking < rankings; ranking++) {
            double below = 0; // other events in the bins so far
            double above = 0; // pairs in which the event of the class lies in a higher bin
            double tied = 0; // pairs that share a bin
            double positives = 0;
            int negativesAt = place.odds + 2 * ranking * place.bins;
            for (int bin = 0; bin < place.bins; bin++) {
                double negative = sums.at(negativesAt + bin);
                double positive = sums.at(negativesAt + place.bins + bin);
                above += positive * below;
                tied += positive * negative;
                below += negative;
                positives += positive;
            }
            double pairs = positives * below;
            if (pairs > 0) {
                areas += (above + tied / 2) / pairs;
                errors += tied / 2 / pairs;
                counted++;
            }
        }
        area = areas / counted;
        error = errors / counted;
    }

    double area() {
        return area;
    }

    double error() {
        return error;
    }
}
