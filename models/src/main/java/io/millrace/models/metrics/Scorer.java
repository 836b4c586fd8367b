package io.millrace.models.metrics;

import io.millrace.models.Target;
import io.millrace.models.metrics.Sums.Place;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** Adds up what happens to events, one at a time; belongs to one thread. Allocates nothing per event. */
public final class Scorer {
    /** Latencies beyond one hour count as one hour. */
    static final long LONGEST_LATENCY_MILLIS = 3_600_000;

    /** Labels that come more than ten years later count as ten years later. */
    static final long LONGEST_DELAY_MILLIS = 10L * 365 * 86_400_000;

    private static final double LEAST_PROBABILITY = 1e-15;
    private static final double MEDIAN = 0.5;

    private final Target target;
    private final int classes;
    private final double quantile;
    private final Place place;
    private final double[] sums;
    private final Histogram latency = new Histogram(LONGEST_LATENCY_MILLIS, 2);
    private final long[] fates = new long[Fate.COUNT];
    private final Histogram delay = new Histogram(LONGEST_DELAY_MILLIS, 2);
    private boolean joins; // whether there is a fate since the last tally
    private long predictions;
    private long updates;
    private long deadLetters;
    private long models;
    private long drifts;
    private long expired;
    private long resets;

    /** A scorer of medians, if values are predicted. */
    public Scorer(Target target) {
        this(target, MEDIAN);
    }

    /**
     * A scorer that has counted nothing.
     *
     * @param quantile that predicted values stand for, in (0, 1); without meaning for classes
     */
    public Scorer(Target target, double quantile) {
        this.target = target;
        this.quantile = quantile;
        classes = target.classes().size();
        place = new Place(classes);
        sums = new double[place.length];
    }

    /** Counts an emitted prediction and how long its event had waited. */
    public void predicted(long latencyMillis) {
        predictions++;
        latency.recordValue(Math.max(0, Math.min(LONGEST_LATENCY_MILLIS, latencyMillis)));
    }

    /** Counts a step taken by a model; its first step makes the model. */
    public void updated(boolean first) {
        updates++;
        if (first) {
            models++;
        }
    }

    /** Counts a model whose errors were found to have risen. */
    public void drifted() {
        drifts++;
    }

    /** Counts a model that was forgotten. */
    public void expired() {
        expired++;
    }

    /** Counts a model that was reset. */
    public void reset() {
        resets++;
    }

    /** Counts an event that could not be learnt. */
    public void deadLetter() {
        deadLetters++;
    }

    /** Counts what became of an event or label. */
    public void fate(Fate fate) {
        fates[fate.index]++;
        joins = true;
    }

    /** Counts a label that met its event. */
    public void joined(long delayMillis) {
        fate(Fate.JOINED);
        delay.recordValue(Math.max(0, Math.min(LONGEST_DELAY_MILLIS, delayMillis)));
    }

    /**
     * Compares a prediction with its label.
     *
     * @param scores [target.scores]
     * @param label [target.labelWidth]
     * @param previousLabel the key's label before this one, as one number; NaN if there was none
     */
    public void score(float[] scores, float[] label, float previousLabel) {
        sums[Place.SCORED]++;
        float point = target.point(label);
        if (classes > 0) {
            scoreProbabilities(scores, label, (int) point);
            scoreChoice(scores, (int) point, previousLabel);
        } else {
            scoreValue(scores[0], point, Float.isNaN(previousLabel) ? 0 : previousLabel);
        }
    }

    private void scoreProbabilities(float[] scores, float[] label, int point) {
        double logLoss = 0;
        double squares = 0;
        for (int c = 0; c < classes; c++) {
            double truth = label.length > 1 ? label[c] : c == point ? 1 : 0;
            double distance = scores[c] - truth;
            squares += distance * distance;
            logLoss -= truth == 0 ? 0 : truth * Math.log(Math.max(LEAST_PROBABILITY, scores[c]));
        }
        sums[Place.LOG_LOSS] += logLoss;
        sums[Place.BRIER] += squares / 2;
        if (classes == 2) {
            double odds = Math.max(LEAST_PROBABILITY, scores[1]) / Math.max(LEAST_PROBABILITY, scores[0]);
            sums[place.odds(point, Math.log(odds))]++;
        }
    }

    private void scoreChoice(float[] scores, int label, float previousLabel) {
        int chosen = Target.highest(scores);
        sums[place.labelled + label]++;
        sums[place.chosen + chosen]++;
        int confidence = Place.confidence(scores[chosen]);
        sums[confidence]++;
        sums[confidence + 1] += scores[chosen];
        if (chosen == label) {
            sums[place.right + label]++;
            sums[confidence + 2]++;
        }
        if (!Float.isNaN(previousLabel)) {
            sums[place.noChangeChosen + (int) previousLabel]++;
            if (previousLabel == label) {
                sums[place.noChangeRight + label]++;
            }
        }
    }

    private void scoreValue(double prediction, double label, double previousLabel) {
        double error = label - prediction;
        double change = label - previousLabel;
        sums[Place.ABSOLUTE_ERROR] += Math.abs(error);
        sums[Place.SQUARED_ERROR] += error * error;
        sums[Place.PINBALL] += pinball(error);
        sums[Place.LABELS] += label;
        sums[Place.LABEL_SQUARES] += label * label;
        sums[Place.NO_CHANGE_ABSOLUTE_ERROR] += Math.abs(change);
        sums[Place.NO_CHANGE_SQUARED_ERROR] += change * change;
        sums[Place.NO_CHANGE_PINBALL] += pinball(change);
    }

    private double pinball(double error) {
        return error > 0 ? error * quantile : -error * (1 - quantile);
    }

    /** What was counted since the last tally; counting starts again at zero. */
    public Tally tally() {
        Tally tally = new Tally(
                predictions,
                updates,
                deadLetters,
                models,
                drifts,
                expired,
                resets,
                sums[Place.SCORED] == 0 ? Sums.NONE : new Sums(classes, sums.clone()),
                Tally.encoded(latency),
                joins ? new Joins(fates.clone(), Tally.encoded(delay)) : Joins.NONE);
        Arrays.fill(sums, 0);
        latency.reset();
        Arrays.fill(fates, 0);
        delay.reset();
        joins = false;
        predictions = updates = deadLetters = models = drifts = expired = resets = 0;
        return tally;
    }
}
