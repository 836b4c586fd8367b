package io.millrace.state.records;

/**
 * What a learner remembers of an event while its label may come, or of a label while its event may come. Arrays are
 * never written to after it was made.
 *
 * @param number its place in the order in which its key's things were remembered
 * @param sample the event, with its label once that is known; without features once its timeout is over; or a label
 *     alone
 * @param scores [target.scores] of the prediction that waits to be scored; [0] if none does
 * @param previousLabel the key's label that was known at that prediction; NaN if there was none
 * @param typicalLabel the label that was to be expected from all those known at that prediction; NaN if there was none
 */
public record Remembered(long number, Sample sample, float[] scores, float previousLabel, float typicalLabel) {
    private static final float[] NONE = {};

    /** Something that has no prediction to be scored. */
    public static Remembered of(Sample sample) {
        return new Remembered(0, sample, NONE, Float.NaN, Float.NaN);
    }

    /** The same at another place in the order. */
    public Remembered at(long otherNumber) {
        return new Remembered(otherNumber, sample, scores, previousLabel, typicalLabel);
    }

    /** What is left of an event when its timeout is over: enough to know that it was there. */
    public Remembered expired() {
        Sample bare =
                new Sample(sample.key(), sample.id(), sample.time(), NONE, NONE, 0, sample.kind(), sample.origin());
        return new Remembered(number, bare, NONE, Float.NaN, Float.NaN);
    }

    /** True for what {@link #expired} left. */
    public boolean isExpired() {
        return sample.kind() != Sample.Kind.LABEL && sample.features().length == 0;
    }
}
