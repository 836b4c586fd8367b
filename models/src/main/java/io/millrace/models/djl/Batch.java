package io.millrace.models.djl;

import io.millrace.models.Inputs;
import io.millrace.models.Outcome;
import io.millrace.models.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.BitSet;

/**
 * Samples of different keys that are predicted and learnt in one step, and what came of them; belongs to one thread.
 *
 * <p>Reusable: {@link #clear}, {@link #add} up to the capacity, {@link DjlExecutor#step}, then {@link #outcome} of each
 * sample, by the index that {@code add} gave it.
 */
public final class Batch {
    private final Inputs inputs;
    private final int scores;
    private final float[] unknown; // [target.labelWidth], stands for a label
    private final int capacity;
    private final ByteBuffer sampleBytes;
    private final ByteBuffer slotBytes;
    private final FloatBuffer samples; // [capacity, StepScript.sampleWidth]
    private final LongBuffer slots; // [capacity]
    private final BitSet taken = new BitSet();
    private float[] outcomes = {}; // [size, StepScript.outcomeWidth] of the step last taken
    private int size;
    private boolean learns;

    /**
     * @param program whose samples it holds
     * @param capacity the most samples that it holds, at least 1
     */
    public Batch(Program program, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity=" + capacity + " must be >= 1");
        }
        inputs = program.problem().inputs();
        scores = program.problem().target().scores();
        unknown = new float[program.problem().target().labelWidth()];
        this.capacity = capacity;
        sampleBytes = direct(capacity, StepScript.sampleWidth(program) * Float.BYTES);
        slotBytes = direct(capacity, Long.BYTES);
        samples = sampleBytes.asFloatBuffer();
        slots = slotBytes.asLongBuffer();
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
        outcomes = new float[0];
    }

    /**
     * Adds a sample; copies what it is given.
     *
     * @param slot of the key's row in the executor, not yet in this batch
     * @param features [inputs.width]
     * @param label [target.labelWidth] or, if unknown, [0]
     * @param weight multiplies the gradient
     * @param learn whether to take a step; needs a label
     * @return index of the sample in this batch
     * @throws IllegalArgumentException if a category's index is not one of its buckets, or the slot is in this batch
     *     already: samples of one key need a batch each
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
        if (taken.get(slot)) {
            throw new IllegalArgumentException("slot=" + slot + " must be in a batch only once");
        }
        taken.set(slot);
        learns |= learn;
        slots.put(slot);
        samples.put(features);
        samples.put(label.length > 0 ? label : unknown);
        samples.put(label.length > 0 ? 1 : 0);
        samples.put(learn ? 1 : 0);
        samples.put(weight);
        return size++;
    }

    /**
     * Reads what came of a sample in the step last taken.
     *
     * @param outcome overwritten; its loss has the precision of a float
     */
    public void outcome(int sample, Outcome outcome) {
        int at = sample * (scores + StepScript.OUTCOME_COLUMNS);
        System.arraycopy(outcomes, at, outcome.scores, 0, scores);
        at += scores;
        outcome.loss = outcomes[at];
        outcome.previousLabel = outcomes[at + 1];
        outcome.version = Program.updates(outcomes[at + 2], outcomes[at + 3]);
        outcome.first = outcome.version == 0;
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

    /** [size, StepScript.sampleWidth] floats. */
    ByteBuffer samples() {
        return sampleBytes.limit(samples.position() * Float.BYTES);
    }

    /** [size] longs. */
    ByteBuffer slots() {
        return slotBytes.limit(slots.position() * Long.BYTES);
    }

    void outcomes(float[] values) {
        outcomes = values;
    }
}
