package io.millrace.models.metrics;

import io.millrace.models.metrics.Sums.Place;

/** How well scores of two classes rank events, from their binned log-odds. NaN unless there are events of both. */
final class Ranking {
    private final double area;
    private final double error;

    Ranking(Sums sums, Place place) {
        double below = 0; // events of class 0 in the bins so far
        double above = 0; // pairs in which the event of class 1 lies in a higher bin
        double tied = 0; // pairs that share a bin
        double positives = 0;
        if (sums.classes() == 2) {
            for (int bin = 0; bin < Sums.ODDS_BINS; bin++) {
                double negative = sums.at(place.odds + bin);
                double positive = sums.at(place.odds + Sums.ODDS_BINS + bin);
                above += positive * below;
                tied += positive * negative;
                below += negative;
                positives += positive;
            }
        }
        double pairs = positives * below;
        area = (above + tied / 2) / pairs;
        error = tied / 2 / pairs;
    }

    double area() {
        return area;
    }

    double error() {
        return error;
    }
}
