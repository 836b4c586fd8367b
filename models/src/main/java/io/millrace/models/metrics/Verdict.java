package io.millrace.models.metrics;

import io.millrace.models.Target;
import io.millrace.models.metrics.Sums.Place;

/** What came of one prediction once its label was known, and how that adds to sums. One object serves event after event. */
final class Verdict {
    private static final double LEAST_PROBABILITY = 1e-15;

    private final Target target;
    private final int classes;
    private final double quantile;
    private float[] scores = {}; // of the caller, read until the next event
    private float point; // the label
    private int chosen;
    private float said; // the score of what was chosen, or the value
    private float noChange; // what a naive predictor said, NaN for nothing, as the next
    private float typical;
    private double logLoss;
    private double brier;
    private double naiveLogLoss;
    private double naiveBrier;

    Verdict(Target target, double quantile) {
        this.target = target;
        this.quantile = quantile;
        classes = target.classes().size();
    }

    /** Another verdict of the same, to {@link #keep} one in. */
    Verdict blank() {
        return new Verdict(target, quantile);
    }

    /** Becomes a copy of a verdict, to be added to sums that rank nothing. */
    void keep(Verdict other) {
        point = other.point;
        chosen = other.chosen;
        said = other.said;
        noChange = other.noChange;
        typical = other.typical;
        logLoss = other.logLoss;
        brier = other.brier;
        naiveLogLoss = other.naiveLogLoss;
        naiveBrier = other.naiveBrier;
    }

    /** The label as one number. */
    float point() {
        return point;
    }

    /**
     * Compares a prediction with its label.
     *
     * @param scores [target.scores], unchanged while this is added to sums
     * @param label [target.labelWidth]
     * @param noChange the key's label before this one, as one number; NaN if there was none
     * @param typical what the labels so far made one expect; NaN if there were none
     * @param seen of classes, [classes], how often each was a label so far
     */
    void judge(float[] scores, float[] label, float noChange, float typical, double[] seen) {
        this.scores = scores;
        this.noChange = noChange;
        this.typical = typical;
        point = target.point(label);
        chosen = classes > 0 ? Target.highest(scores) : 0;
        said = scores[chosen];
        if (classes > 0) {
            judgeProbabilities(label, seen);
        }
    }

    private void judgeProbabilities(float[] label, double[] seen) {
        double events = classes; // every class is taken to have been met once
        for (int c = 0; c < classes; c++) {
            events += seen[c];
        }
        logLoss = naiveLogLoss = 0;
        double squares = 0;
        double naiveSquares = 0;
        for (int c = 0; c < classes; c++) {
            double truth = label.length > 1 ? label[c] : c == point ? 1 : 0;
            double share = (seen[c] + 1) / events;
            squares += (scores[c] - truth) * (scores[c] - truth);
            naiveSquares += (share - truth) * (share - truth);
            if (truth != 0) {
                logLoss -= truth * Math.log(Math.max(LEAST_PROBABILITY, scores[c]));
                naiveLogLoss -= truth * Math.log(share);
            }
        }
        brier = squares / 2;
        naiveBrier = naiveSquares / 2;
    }

    /**
     * Adds the event.
     *
     * @param place of the sums
     * @param weight how often it counts
     */
    void addTo(double[] sums, Place place, double weight) {
        sums[Place.SCORED] += weight;
        if (classes > 0) {
            addChoices(sums, place, weight);
            addProbabilities(sums, place, weight);
        } else {
            addError(sums, said, Place.ABSOLUTE_ERROR, weight);
            addError(sums, Float.isNaN(noChange) ? 0 : noChange, Place.NO_CHANGE_ABSOLUTE_ERROR, weight);
            addError(sums, Float.isNaN(typical) ? 0 : typical, Place.MEAN_ABSOLUTE_ERROR, weight);
            sums[Place.LABELS] += weight * point;
            sums[Place.LABEL_SQUARES] += weight * point * point;
        }
    }

    private void addChoices(double[] sums, Place place, double weight) {
        int label = (int) point;
        int confidence = Place.confidence(said);
        sums[place.labelled + label] += weight;
        sums[place.chosen + chosen] += weight;
        sums[confidence] += weight;
        sums[confidence + 1] += weight * said;
        if (chosen == label) {
            sums[place.right + label] += weight;
            sums[confidence + 2] += weight;
        }
        addNaive(sums, noChange, place.noChangeChosen, place.noChangeRight, weight);
        addNaive(sums, typical, place.majorityChosen, place.majorityRight, weight);
    }

    /** @param choice the class a naive predictor said; NaN if it said none, which counts as wrong */
    private void addNaive(double[] sums, float choice, int chosen, int right, double weight) {
        if (!Float.isNaN(choice)) {
            sums[chosen + (int) choice] += weight;
            if (choice == point) {
                sums[right + (int) point] += weight;
            }
        }
    }

    private void addProbabilities(double[] sums, Place place, double weight) {
        sums[Place.LOG_LOSS] += weight * logLoss;
        sums[Place.BRIER] += weight * brier;
        sums[place.naiveLogLoss] += weight * naiveLogLoss;
        sums[place.naiveBrier] += weight * naiveBrier;
        if (place.bins > 0 && classes == 2) {
            double odds = Math.max(LEAST_PROBABILITY, scores[1]) / Math.max(LEAST_PROBABILITY, scores[0]);
            sums[place.odds((int) point, Math.log(odds))] += weight;
        } else if (place.bins > 0) {
            for (int c = 0; c < classes; c++) {
                sums[place.odds(c, c == point, scores[c])] += weight;
            }
        }
    }

    /** @param place of the absolute error; the squared one and the pinball loss follow */
    private void addError(double[] sums, double prediction, int place, double weight) {
        double error = point - prediction;
        sums[place] += weight * Math.abs(error);
        sums[place + 1] += weight * error * error;
        sums[place + 2] += weight * (error > 0 ? error * quantile : -error * (1 - quantile));
    }
}
