package io.millrace.models.djl;

import io.millrace.models.Inputs;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.drift.OnDrift;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Samples that are predicted and learnt in one step, and what came of them: samples of different keys, or of a single
 * one if updates are per batch. Belongs to one thread.
 *
 * <p>Reusable: {@link #clear}, {@link #add} up to the capacity, {@link DjlExecutor#step}, then {@link #outcome} of each
 * sample, by the index that {@code add} gave it.
 */
public final class Batch {
    private final Inputs inputs;
    private final Target target;
    private final int scores;
    private final int outcomeWidth;
    private final int alarms; // column of an outcome: how often its row has alarmed; 0 if drift is not watched
    private final float[] unknown; // [target.labelWidth], stands for a label
    private final float[] label; // [target.labelWidth]
    private final int columns; // of a sample
    private final int capacity;
    private final Updates updates;
    private final ByteBuffer sampleBytes;
    private final ByteBuffer slotBytes;
    private final FloatBuffer samples; // [capacity, StepScript.sampleWidth]
    private final LongBuffer slots; // [capacity]
    private final @Nullable SharedRow shared; // if updates are per batch
    private final BitSet taken = new BitSet();
    private final BitSet alarmed = new BitSet(); // samples
    private float[] outcomes = {}; // [size, StepScript.outcomeWidth] of the step last taken
    private int size;
    private boolean learns;

    /**
     * @param program whose samples it holds
     * @param capacity the most samples that it holds, at least 1
     */
    public Batch(Program program, int capacity) {
        this(program, capacity, Updates.PER_EVENT);
    }

    /**
     * @param program whose samples it holds
     * @param capacity the most samples that it holds, at least 1
     * @param updates those of the executor
     */
    public Batch(Program program, int capacity, Updates updates) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity=" + capacity + " must be >= 1");
        }
        inputs = program.problem().inputs();
        target = program.problem().target();
        scores = target.scores();
        outcomeWidth = StepScript.outcomeWidth(program);
        OnDrift.Places drift = program.drift();
        alarms = drift == null
                ? 0
                : scores + StepScript.OUTCOME_COLUMNS + drift.detector().length();
        unknown = new float[target.labelWidth()];
        label = new float[target.labelWidth()];
        columns = StepScript.sampleWidth(program);
        this.capacity = capacity;
        this.updates = updates;
        sampleBytes = direct(capacity, columns * Float.BYTES);
        slotBytes = direct(capacity, Long.BYTES);
        samples = sampleBytes.asFloatBuffer();
        slots = slotBytes.asLongBuffer();
        shared = updates == Updates.PER_BATCH ? new SharedRow(program, capacity, samples) : null;
    }

    private static ByteBuffer direct(int rows, int bytes) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(rows, bytes)).order(ByteOrder.nativeOrder());
    }

    /** The most samples that it holds. */
    public int capacity() {
        return capacity;
    }

    /** How many samples were added since it was last cleared. */
    public int size() {
        return size;
    }

    /** Forgets all samples and outcomes. */
    public void clear() {
        size = 0;
        learns = false;
        samples.clear();
        slots.clear();
        taken.clear();
        alarmed.clear();
        outcomes = new float[0];
    }

    /**
     * Adds a sample; copies what it is given.
     *
     * @param slot of the key's row in the executor: another for every sample or, with updates per batch, the same
     * @param features [inputs.width]
     * @param label [target.labelWidth] or, if unknown, [0]
     * @param weight multiplies the gradient
     * @param learn whether to take a step; needs a label
     * @return index of the sample in this batch
     * @throws IllegalArgumentException if a category's index is not one of its buckets, or the slot must not be in this
     *     batch
     * @throws IllegalStateException if the batch is full
     */
    public int add(int slot, float[] features, float[] label, float weight, boolean learn) {
        if (size == capacity) {
            throw new IllegalStateException("the batch is full: capacity=" + capacity);
        }
        inputs.check(features);
        if (learn && label.length == 0) {
            throw new IllegalArgumentException("learning needs a label");
        }
        if (label.length > 0 && label.length != unknown.length) {
            throw new IllegalArgumentException(
                    "label.length=" + label.length + " must equal labelWidth=" + unknown.length);
        }
        take(slot);
        learns |= learn;
        samples.put(features);
        samples.put(label.length > 0 ? label : unknown);
        samples.put(label.length > 0 ? 1 : 0);
        samples.put(learn ? 1 : 0);
        samples.put(weight);
        if (shared != null) {
            shared.add(size, label, weight);
        }
        return size++;
    }

    private void take(int slot) {
        if (updates == Updates.PER_EVENT && taken.get(slot)) {
            throw new IllegalArgumentException("slot=" + slot + " must be in a batch only once");
        }
        if (updates == Updates.PER_BATCH && size > 0 && !taken.get(slot)) {
            throw new IllegalArgumentException("slot=" + slot + " must be the batch's own slot " + largestSlot());
        }
        if (!taken.get(slot)) {
            taken.set(slot);
            slots.put(slot);
        }
    }

    /**
     * Reads what came of a sample in the step last taken.
     *
     * @param outcome overwritten; its loss has the precision of a float
     */
    public void outcome(int sample, Outcome outcome) {
        outcome.remedy = "";
        int start = sample * outcomeWidth;
        System.arraycopy(outcomes, start, outcome.scores, 0, scores);
        int at = start + scores;
        outcome.loss = outcomes[at];
        outcome.previousLabel = outcomes[at + 1];
        outcome.version = Program.updates(outcomes[at + 2], outcomes[at + 3]);
        outcome.drift = alarmed.get(sample);
        outcome.first = outcome.version == 0 && !hasAlarmed(start); // at its first event no row alarms
        outcome.status = StepScript.STATUSES.get((int) outcomes[at + 4]);
    }

    /** True if a sample is to be learnt from. */
    boolean learns() {
        return learns;
    }

    /** Largest slot that was added; -1 if none was. */
    int largestSlot() {
        return taken.length() - 1;
    }

    /** What a step of one row is told beside its samples; empty if each sample has a row of its own. */
    Optional<ByteBuffer> facts() {
        return Optional.ofNullable(shared).map(SharedRow::facts);
    }

    /** The last label as it lies in a row, if the row does not have it yet; else nothing. */
    float[] unwritten() {
        return shared == null ? new float[0] : shared.unwritten(size);
    }

    /** Some of the samples, [to - from, StepScript.sampleWidth] floats. */
    ByteBuffer samples(int from, int to) {
        if (shared != null) {
            shared.share(size);
        }
        return stretch(sampleBytes, from * columns * Float.BYTES, to * columns * Float.BYTES);
    }

    /** How many rows it asks for. */
    int rows() {
        return slots.position();
    }

    /** How many rows it can ask for. */
    int mostRows() {
        return updates == Updates.PER_BATCH ? 1 : capacity;
    }

    /** Some of the slots, [to - from] longs. */
    ByteBuffer slots(int from, int to) {
        return stretch(slotBytes, from * Long.BYTES, to * Long.BYTES);
    }

    private static ByteBuffer stretch(ByteBuffer bytes, int from, int to) {
        return bytes.slice(from, to - from).order(ByteOrder.nativeOrder());
    }

    float[] outcomes() {
        return outcomes;
    }

    void outcomes(float[] values) {
        outcomes = values;
    }

    private boolean hasAlarmed(int start) {
        return alarms > 0 && outcomes[start + alarms] > 0;
    }

    /** The label of a sample as one number. */
    float label(int sample) {
        samples.get(sample * columns + inputs.width(), label);
        return target.point(label);
    }

    /** Says of a sample that with it the errors of its row were found to have risen. */
    void alarm(int sample) {
        alarmed.set(sample);
    }

    /** The slots whose rows' errors were found to have risen. */
    int[] alarmedSlots() {
        return alarmed.stream().map(sample -> (int) slots.get(sample)).toArray();
    }

    /** Takes what the script says. */
    void told(float[] values) {
        outcomes = shared == null ? values : shared.outcomes(values, size);
    }

    /** True if a row was written in the step last taken, or need not have been. */
    boolean taken() {
        return updates == Updates.PER_EVENT || !learns || outcomes[outcomes.length - 1] > 0;
    }

    private int statusAt(int sample) {
        return sample * outcomeWidth + scores + 4;
    }

    private boolean learnt(int sample) {
        return StepScript.STATUSES.get((int) outcomes[statusAt(sample)]) == Status.LEARNT;
    }

    /**
     * Empties the samples that cannot be learnt from, for the others to learn without them.
     *
     * @return true if there are any, and others
     */
    boolean withdraw() {
        int left = 0;
        for (int sample = 0; sample < size; sample++) {
            int end = (sample + 1) * columns;
            if (learnt(sample)) {
                left++;
            } else {
                for (int at = sample * columns; at < end; at++) {
                    samples.put(at, 0);
                }
            }
        }
        return left > 0 && left < size;
    }

    /** Says of every sample that its step was refused. */
    void refuse() {
        for (int sample = 0; sample < size; sample++) {
            if (learnt(sample)) {
                outcomes[statusAt(sample)] = StepScript.STATUSES.indexOf(Status.REFUSED_STEP);
            }
        }
    }
}
