package io.millrace.models.metrics;

import io.millrace.models.Target;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** Adds up what happens to events, one at a time; belongs to one thread. Allocates nothing per event. */
public final class Scorer {
    /** Latencies beyond one hour count as one hour. */
    static final long LONGEST_LATENCY_MILLIS = 3_600_000;

    /** Labels that come more than ten years later count as ten years later. */
    static final long LONGEST_DELAY_MILLIS = 10L * 365 * 86_400_000;

    private static final double LEAST_PROBABILITY = 1e-15;

    private final Target target;
    private final int classes;
    private final long[] confusion;
    private final Histogram latency = new Histogram(LONGEST_LATENCY_MILLIS, 2);
    private final long[] fates = new long[Fate.COUNT];
    private final Histogram delay = new Histogram(LONGEST_DELAY_MILLIS, 2);
    private boolean joins; // whether there is a fate since the last tally
    private long predictions;
    private long updates;
    private long deadLetters;
    private long models;
    private long scored;
    private double logLoss;
    private long noChangeRight;
    private double absoluteError;
    private double squaredError;
    private double labels;
    private double labelSquares;
    private double noChangeAbsoluteError;
    private double noChangeSquaredError;

    public Scorer(Target target) {
        this.target = target;
        classes = target.classes().size();
        confusion = new long[classes * classes];
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
        scored++;
        float point = target.point(label);
        if (classes > 0) {
            confusion[((int) point) * classes + Target.highest(scores)]++;
            logLoss += label.length > 1 ? logLoss(scores, label) : logLoss(scores[(int) point]);
            if (previousLabel == point) {
                noChangeRight++;
            }
        } else {
            double error = (double) scores[0] - point;
            double change = point - (Float.isNaN(previousLabel) ? 0.0 : previousLabel);
            absoluteError += Math.abs(error);
            squaredError += error * error;
            labels += point;
            labelSquares += (double) point * point;
            noChangeAbsoluteError += Math.abs(change);
            noChangeSquaredError += change * change;
        }
    }

    private static double logLoss(float[] scores, float[] label) {
        double expected = 0;
        for (int i = 0; i < label.length; i++) {
            expected += label[i] * logLoss(scores[i]);
        }
        return expected;
    }

    private static double logLoss(float score) {
        return -Math.log(Math.max(LEAST_PROBABILITY, score));
    }

    /** How many events were counted since the last tally. */
    public long events() {
        return predictions + scored + deadLetters;
    }

    /** What was counted since the last tally; counting starts again at zero. */
    public Tally tally() {
        Tally tally = new Tally(
                predictions,
                updates,
                deadLetters,
                models,
                scored,
                confusion.clone(),
                logLoss,
                noChangeRight,
                absoluteError,
                squaredError,
                labels,
                labelSquares,
                noChangeAbsoluteError,
                noChangeSquaredError,
                Tally.encoded(latency),
                joins ? new Joins(fates.clone(), Tally.encoded(delay)) : Joins.NONE);
        Arrays.fill(confusion, 0);
        latency.reset();
        Arrays.fill(fates, 0);
        delay.reset();
        joins = false;
        predictions = updates = deadLetters = models = scored = noChangeRight = 0;
        logLoss = absoluteError = squaredError = labels = labelSquares = 0;
        noChangeAbsoluteError = noChangeSquaredError = 0;
        return tally;
    }
}
