package io.millrace.models.djl;

import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * What the samples of a batch have in common if one row learns from them all, and what follows for each of them: done
 * here, where a number costs a nanosecond, and not in the script, where an operation on a few costs a thousand.
 */
final class SharedRow {
    /** How many facts there are. */
    static final int FACTS = 3;

    private final Target target;
    private final int scores;
    private final int columns; // of a sample
    private final int width; // of an outcome
    private final int counters;
    private final int low; // where the counters are among their kind
    private final int last;
    private final FloatBuffer samples; // [capacity, columns], of the batch
    private final boolean[] known; // [capacity], whether there is a label that counts
    private final float[] points; // [capacity], the labels
    private final float[] weights; // [capacity]
    private final ByteBuffer factBytes;
    private final FloatBuffer facts;
    private boolean taken; // the last step

    SharedRow(Program program, int capacity, FloatBuffer samples) {
        target = program.problem().target();
        scores = target.scores();
        columns = StepScript.sampleWidth(program);
        width = StepScript.outcomeWidth(program);
        counters = BatchSteps.counters(program);
        int start = program.layout().width() - counters;
        low = program.updatesAt() - start;
        last = program.lastLabelAt() - start;
        this.samples = samples;
        known = new boolean[capacity];
        points = new float[capacity];
        weights = new float[capacity];
        factBytes = ByteBuffer.allocateDirect(FACTS * Float.BYTES).order(ByteOrder.nativeOrder());
        facts = factBytes.asFloatBuffer();
    }

    /** Takes note of a sample that is added. */
    void add(int sample, float[] label, float weight) {
        known[sample] = label.length > 0;
        points[sample] = known[sample] ? target.point(label) : Float.NaN;
        weights[sample] = weight;
        taken = false;
    }

    private boolean learns(int sample) {
        return samples.get((sample + 1) * columns - StepScript.LEARN) > 0;
    }

    /** Makes each weight the sample's share in the mean, and says the facts. */
    void share(int size) {
        int learners = 0;
        for (int sample = 0; sample < size; sample++) {
            learners += learns(sample) ? 1 : 0;
        }
        for (int sample = 0; sample < size; sample++) {
            samples.put((sample + 1) * columns - 1, learns(sample) ? weights[sample] / learners : 0);
        }
        int latest = latest(size);
        facts.put(0, latest < 0 ? 0 : points[latest]).put(1, 1).put(2, learners * BatchSteps.OVERFLOW);
    }

    /** The last label, 1, and what the slope of a sample is multiplied with to be infinite if it is too steep. */
    ByteBuffer facts() {
        return factBytes;
    }

    private int latest(int size) {
        int sample = size - 1;
        while (sample >= 0 && !known[sample]) {
            sample--;
        }
        return sample;
    }

    /** The last label of so many samples and 1, if the row does not have them yet; else nothing. */
    float[] unwritten(int size) {
        int latest = latest(size);
        return taken || latest < 0 ? new float[0] : new float[] {points[latest], 1};
    }

    /**
     * The outcomes of all samples.
     *
     * @param told what the script says of them
     * @return [size, StepScript.outcomeWidth]
     */
    float[] outcomes(float[] told, int size) {
        int losses = size * scores;
        int counters = told.length - this.counters;
        boolean learnt = counters > losses;
        taken = learnt && finite(told, 0, counters);
        float previous = told[counters + last + 1] > 0 ? told[counters + last] : Float.NaN;
        float[] outcomes = new float[size * width];
        for (int sample = 0; sample < size; sample++) {
            boolean finite = finite(told, sample * scores, scores);
            boolean tried = learnt && finite && learns(sample);
            boolean sound =
                    tried && Float.isFinite(told[losses + sample]) && Float.isFinite(told[losses + size + sample]);
            int at = sample * width;
            System.arraycopy(told, sample * scores, outcomes, at, scores);
            at += scores;
            outcomes[at] = tried ? told[losses + sample] : Float.NaN;
            outcomes[at + 1] = previous;
            outcomes[at + 2] = told[counters + low];
            outcomes[at + 3] = told[counters + low + 1];
            outcomes[at + 4] = StepScript.STATUSES.indexOf(status(finite, tried, sound));
            outcomes[at + 5] = taken ? 1 : 0;
            known[sample] &= finite; // or its label is not remembered
            previous = known[sample] ? points[sample] : previous;
        }
        return outcomes;
    }

    private static boolean finite(float[] values, int at, int count) {
        boolean finite = true;
        for (int i = at; i < at + count; i++) {
            finite &= Float.isFinite(values[i]);
        }
        return finite;
    }

    private static Status status(boolean finite, boolean tried, boolean sound) {
        if (!finite) {
            return Status.REFUSED_SCORES;
        }
        Status learnt = sound ? Status.LEARNT : Status.REFUSED_STEP;
        return tried ? learnt : Status.PREDICTED;
    }
}
