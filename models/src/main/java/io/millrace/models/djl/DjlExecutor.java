package io.millrace.models.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.models.Program;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Predicts and learns on a slab of rows, one per slot, many slots at a time; belongs to one thread at a time and owns
 * native memory until it is closed.
 *
 * <p>A row that is refused a step keeps its bits, but for the last label. Executors of one JVM share nothing.
 */
public final class DjlExecutor implements AutoCloseable {
    private final int slots;
    private final int width;
    private final int sampleWidth;
    private final PtNDManager manager;
    private final NDArray slab; // [slots, width]
    private final PtSymbolBlock step;
    private final ByteBuffer row; // on its way to the slab

    /**
     * Loads PyTorch if this JVM has not yet, and lays out a slab of zeros: every slot must be written before a step
     * uses it.
     *
     * @param slots number of rows, at least 1
     * @throws IllegalStateException if PyTorch or the device is missing; says what to do
     */
    public DjlExecutor(Program program, int slots, Device device) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots=" + slots + " must be >= 1");
        }
        this.slots = slots;
        width = program.layout().width();
        sampleWidth = StepScript.sampleWidth(program);
        row = ByteBuffer.allocateDirect(Math.multiplyExact(width, Float.BYTES)).order(ByteOrder.nativeOrder());
        manager = Torch.manager(device);
        try {
            slab = manager.zeros(new Shape(slots, width), DataType.FLOAT32);
            step = load(manager, TorchArchive.of(StepScript.TYPE, StepScript.of(program)));
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        manager.cap();
    }

    private static PtSymbolBlock load(PtNDManager manager, byte[] archive) {
        try {
            return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /** True if the rows live on a GPU. */
    public boolean onGpu() {
        return manager.getDevice().isGpu();
    }

    /**
     * Overwrites the row of a slot.
     *
     * @param values [layout.width], copied
     */
    public void write(int slot, float[] values) {
        check(slot, values);
        row.asFloatBuffer().put(values);
        try (NDManager call = manager.newSubManager()) {
            slab.set(new NDIndex(slot), call.create(row, new Shape(width), DataType.FLOAT32));
        }
    }

    /**
     * Copies the row of a slot.
     *
     * @param values [layout.width], overwritten
     */
    public void read(int slot, float[] values) {
        check(slot, values);
        try (NDManager call = manager.newSubManager()) {
            ByteBuffer view = slab.get(call, slot).toByteBuffer(true);
            view.order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
        }
    }

    private void check(int slot, float[] values) {
        if (slot < 0 || slot >= slots) {
            throw new IndexOutOfBoundsException("slot=" + slot + " must be in [0, " + slots + ")");
        }
        if (values.length != width) {
            throw new IllegalArgumentException("row.length=" + values.length + " must equal width=" + width);
        }
    }

    /**
     * Predicts every sample of a batch, then learns from those that are to be learnt from, each into the row of its
     * own slot. The batch then holds the outcomes.
     *
     * @throws IndexOutOfBoundsException if a slot is not in this executor; no row has changed
     */
    public void step(Batch batch) {
        if (batch.largestSlot() >= slots) {
            throw new IndexOutOfBoundsException("slot=" + batch.largestSlot() + " must be in [0, " + slots + ")");
        }
        if (batch.size() == 0) {
            return;
        }
        try (NDManager call = manager.newSubManager()) {
            NDArray samples = call.create(batch.samples(), new Shape(batch.size(), sampleWidth), DataType.FLOAT32);
            NDArray index = call.create(batch.slots(), new Shape(batch.size()), DataType.INT64);
            batch.outcomes(run(new NDList(samples, index, slab)).toFloatArray());
        }
    }

    /** Calls the step with the gradients and without the optimizing interpreter, whose choices change the last bits. */
    private NDArray run(NDList arguments) {
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(true); // both settings belong to the thread
        JniUtils.setGraphExecutorOptimize(false);
        try {
            return IValueUtils.forward(step, arguments, true)
                    .singletonOrThrow(); // owned by the first argument's manager
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    /** Frees the rows. */
    @Override
    public void close() {
        manager.close();
    }
}
