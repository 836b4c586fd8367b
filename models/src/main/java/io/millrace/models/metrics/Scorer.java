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

    private static final double MEDIAN = 0.5;

    private final int classes;
    private final Verdict verdict;
    private final BusiestKeys keys;
    private final Place place;
    private final double[] sums;
    private final double[] seen; // labels so far, whatever tallies there were: by class, or their number and sum
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
        this(target, quantile, new BusiestKeys(target, 0, 1));
    }

    /**
     * A scorer that also counts keys one by one.
     *
     * @param keys are told of every event that is scored with its key
     */
    public Scorer(Target target, double quantile, BusiestKeys keys) {
        verdict = new Verdict(target, quantile);
        this.keys = keys;
        classes = target.classes().size();
        place = new Place(classes);
        sums = new double[place.length];
        seen = new double[classes == 0 ? 2 : classes];
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
     * The label that is to be expected from those that were scored so far, of any key: the most frequent class, the first
     * of several, or the mean; NaN before the first.
     */
    public float typicalLabel() {
        if (classes == 0) {
            return (float) (seen[1] / seen[0]);
        }
        int most = 0;
        for (int c = 1; c < classes; c++) {
            most = seen[c] > seen[most] ? c : most;
        }
        return seen[most] == 0 ? Float.NaN : most;
    }

    /** The labels that were scored so far, to be given to {@link #remember} after a restart; a fresh array. */
    public double[] labelsSeen() {
        return seen.clone();
    }

    /** Adds labels that another scorer has seen; those of another number of classes mean nothing here. */
    public void remember(double[] labels) {
        for (int i = 0; i < seen.length && labels.length == seen.length; i++) {
            seen[i] += labels[i];
        }
    }

    /** Compares a prediction that was made just now with its label. */
    public void score(float[] scores, float[] label, float previousLabel) {
        score(scores, label, previousLabel, typicalLabel());
    }

    /**
     * Compares a prediction with its label.
     *
     * @param scores [target.scores]
     * @param label [target.labelWidth]
     * @param previousLabel the key's label before this one, as one number; NaN if there was none
     * @param typicalLabel what {@link #typicalLabel} was when the prediction was made
     */
    public void score(float[] scores, float[] label, float previousLabel, float typicalLabel) {
        verdict.judge(scores, label, previousLabel, typicalLabel, seen);
        verdict.addTo(sums, place, 1);
        if (classes > 0) {
            seen[(int) verdict.point()]++;
        } else {
            seen[0]++;
            seen[1] += verdict.point();
        }
    }

    /** The same, for an event of a key. */
    public void score(String key, float[] scores, float[] label, float previousLabel, float typicalLabel) {
        score(scores, label, previousLabel, typicalLabel);
        keys.add(key, verdict);
    }

    /** What was counted since the last tally, of keys nothing; counting starts again at zero. */
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
                joins ? new Joins(fates.clone(), Tally.encoded(delay)) : Joins.NONE,
                KeyTally.NONE);
        Arrays.fill(sums, 0);
        latency.reset();
        Arrays.fill(fates, 0);
        delay.reset();
        joins = false;
        predictions = updates = deadLetters = models = drifts = expired = resets = 0;
        return tally;
    }
}
