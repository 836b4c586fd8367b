package io.millrace.models;

/** What came of one sample; owned by its reader and overwritten by the executor with every sample. */
public final class Outcome {

    /** What happened to the row. */
    public enum Status {
        /** Nothing was to be learnt; the row is unchanged but for the last label. */
        PREDICTED,
        /** The row took one step. */
        LEARNT,
        /** The scores are not finite numbers, so there is no prediction; the row is unchanged. */
        REFUSED_SCORES,
        /** Loss or gradient is not finite or too large; the row took no step. */
        REFUSED_STEP
    }

    /** [target.scores] of the prediction, made before learning. */
    public final float[] scores;

    /** How many updates the row had had when it predicted. */
    public long version;

    /** The loss that was learnt from, in nats or squared units; NaN if nothing was to be learnt. */
    public double loss;

    /** The label before this one as one number, NaN if there was none: what a no-change predictor would have said. */
    public float previousLabel;

    public Status status = Status.PREDICTED;

    /** True if the errors of the row were found to have risen with this sample. */
    public boolean drift;

    /** True if the row had never taken a step; one that was reset has. */
    public boolean first;

    /** What was done about a refusal, if anything but to go on; empty otherwise. Written by those who do it. */
    public String remedy = "";

    public Outcome(int scores) {
        this.scores = new float[scores];
    }

    /** Why nothing was learnt although something was to be. */
    public String refusal() {
        String reason = switch (status) {
            case REFUSED_SCORES -> "the prediction is not a finite number: a feature is too large for the model";
            case REFUSED_STEP -> "the loss or its gradient is not finite, or larger than 1e15: nothing was learnt";
            case PREDICTED, LEARNT -> throw new IllegalStateException(status + " is no refusal");
        };
        return remedy.isEmpty() ? reason : reason + "; " + remedy;
    }
}
