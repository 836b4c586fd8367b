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
import io.millrace.models.drift.OnDrift;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicts and learns on a slab of rows, one per slot, many slots at a time; belongs to one thread at a time and owns
 * native memory until it is closed.
 *
 * <p>A row that is refused a step keeps its bits, but for the last label. Executors of one JVM share nothing.
 */
public final class DjlExecutor implements AutoCloseable {
    private static final int TRANSFER_BYTES = 4 << 20; // at once between slab and rows
    private static final int CPU_ROWS = 64; // more leave the caches between one pass over them and the next

    private final Program program;
    private final @Nullable Watch watch; // null if drift is not answered
    private final float[] beginning; // what drift resets to
    private final int slots;
    private final int width;
    private final int parameters;
    private final int members;
    private final int sampleWidth;
    private final int lastLabel; // where it is in a row
    private final int transferRows;
    private final ByteBuffer transfer; // of rows on their way to the slab
    private final PtNDManager manager;
    private final NDArray slab; // [slots + 1, width]; the last row is for what nobody keeps
    private final PtSymbolBlock step;
    private final NDArray prediction; // chooses the method
    private final NDArray note; // chooses the method
    private final int rowsAtOnce; // of a step; a larger batch takes several
    private final NDManager scratch; // owns the room
    private NDList room =
            new NDList(); // rows [n, width] and gradient [n * members, parameters], for the largest batch so far

    /**
     * Loads PyTorch if this JVM has not yet, and lays out a slab of zeros: every slot must be written before a step
     * uses it.
     *
     * @param slots number of rows, at least 1
     * @throws IllegalStateException if PyTorch or the device is missing; says what to do
     */
    public DjlExecutor(Program program, int slots, Device device) {
        this(program, slots, device, Updates.PER_EVENT);
    }

    /**
     * As the other, for batches of one row each if updates are per batch.
     *
     * @param slots number of rows, at least 1
     */
    public DjlExecutor(Program program, int slots, Device device, Updates updates) {
        this(program, slots, device, updates, program.layout().initialRow());
    }

    /**
     * As the other, for rows that do not become initial ones.
     *
     * @param slots number of rows, at least 1
     * @param beginning what a row becomes if drift resets it
     */
    public DjlExecutor(Program program, int slots, Device device, Updates updates, float[] beginning) {
        this(program, slots, device, StepScript.of(program, updates), beginning);
    }

    /** As the others, for a step of which the source is given. */
    DjlExecutor(Program program, int slots, Device device, String source, float[] beginning) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots=" + slots + " must be >= 1");
        }
        this.program = program;
        watch = program.drift() == null ? null : new Watch(program);
        this.beginning = beginning;
        this.slots = slots;
        width = program.layout().width();
        sampleWidth = StepScript.sampleWidth(program);
        lastLabel = program.lastLabelAt();
        transferRows = Math.max(1, TRANSFER_BYTES / (width * Float.BYTES));
        transfer = ByteBuffer.allocateDirect(Math.multiplyExact(transferRows * width, Float.BYTES))
                .order(ByteOrder.nativeOrder());
        parameters = program.member().parameters();
        members = program.members();
        manager = Torch.manager(device);
        rowsAtOnce = manager.getDevice().isGpu() ? Integer.MAX_VALUE : CPU_ROWS;
        try {
            slab = manager.zeros(new Shape(slots + 1L, width), DataType.FLOAT32);
            prediction = method("predict");
            note = method("note");
            scratch = manager.newSubManager();
            step = load(manager, TorchArchive.of(StepScript.TYPE, source));
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        manager.cap();
    }

    private NDArray method(String name) {
        NDArray method = manager.create(0f);
        method.setName("module_method:" + name);
        return method;
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
     * Overwrites the row of each slot.
     *
     * @param slots all different
     * @param rows [layout.width] for each slot, copied
     */
    public void write(int[] slots, List<float[]> rows) {
        check(slots, rows);
        for (int from = 0; from < slots.length; from += transferRows) {
            int to = Math.min(slots.length, from + transferRows);
            FloatBuffer values = transfer.asFloatBuffer();
            rows.subList(from, to).forEach(values::put);
            try (NDManager call = manager.newSubManager()) {
                transfer.limit((to - from) * width * Float.BYTES);
                NDArray copied = call.create(transfer, new Shape(to - from, width), DataType.FLOAT32);
                slab.set(new NDIndex("{}", index(call, slots, from, to)), copied);
            } finally {
                transfer.clear();
            }
        }
    }

    /**
     * Copies the row of each slot.
     *
     * @param rows [layout.width] for each slot, overwritten
     */
    public void read(int[] slots, List<float[]> rows) {
        check(slots, rows);
        for (int from = 0; from < slots.length; from += transferRows) {
            int to = Math.min(slots.length, from + transferRows);
            try (NDManager call = manager.newSubManager()) {
                NDArray copied = slab.get(call, new NDIndex("{}", index(call, slots, from, to)));
                FloatBuffer values =
                        copied.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
                rows.subList(from, to).forEach(values::get);
            }
        }
    }

    /** Overwrites the row of one slot. */
    public void write(int slot, float[] row) {
        write(new int[] {slot}, List.of(row));
    }

    /** Copies the row of one slot. */
    public void read(int slot, float[] row) {
        read(new int[] {slot}, List.of(row));
    }

    private static NDArray index(NDManager call, int[] slots, int from, int to) {
        return call.create(Arrays.copyOfRange(slots, from, to)).toType(DataType.INT64, false);
    }

    private void check(int[] slots, List<float[]> rows) {
        if (slots.length != rows.size()) {
            throw new IllegalArgumentException("slots=" + slots.length + " must equal rows=" + rows.size());
        }
        for (int slot : slots) {
            if (slot < 0 || slot >= this.slots) {
                throw new IndexOutOfBoundsException("slot=" + slot + " must be in [0, " + this.slots + ")");
            }
        }
        for (float[] row : rows) {
            if (row.length != width) {
                throw new IllegalArgumentException("row.length=" + row.length + " must equal width=" + width);
            }
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
        call(batch);
        if (!batch.taken()) {
            learnWithoutTheRefused(batch);
        }
        remember(batch.largestSlot(), batch.unwritten());
        if (watch != null && batch.learns()) {
            watch(watch, batch);
        }
    }

    /** Writes the last label of a row that did not learn. */
    private void remember(int slot, float[] label) {
        if (label.length > 0) {
            try (NDManager call = manager.newSubManager()) {
                slab.set(new NDIndex("{}, {}:{}", slot, lastLabel, lastLabel + label.length), call.create(label));
            }
        }
    }

    /** Predictions are made already; what is left is to learn from those that can be learnt from. */
    private void learnWithoutTheRefused(Batch batch) {
        float[] predicted = batch.outcomes();
        boolean taken = false;
        if (batch.withdraw()) {
            call(batch);
            taken = batch.taken();
            batch.outcomes(predicted);
        }
        if (!taken) {
            batch.refuse();
        }
    }

    /** Has rows remember what was learnt, and begin anew if they are to. */
    private void watch(Watch watch, Batch batch) {
        watch.learnt(batch);
        try (NDManager call = manager.newSubManager()) {
            float[] outcomes = batch.outcomes();
            NDArray noted = call.create(outcomes, new Shape(batch.size(), outcomes.length / batch.size()));
            run(new NDList(noted, index(call, batch, 0, batch.rows()), slab, note));
        }
        if (program.spec().onDrift() instanceof OnDrift.Reset) {
            reset(batch.alarmedSlots());
        }
    }

    private void reset(int[] slots) {
        List<float[]> rows =
                Arrays.stream(slots).mapToObj(slot -> new float[width]).toList();
        read(slots, rows);
        rows.forEach(row -> program.reset(row, beginning));
        write(slots, rows);
    }

    private static NDArray index(NDManager call, Batch batch, int from, int to) {
        return call.create(batch.slots(from, to), new Shape(to - from), DataType.INT64);
    }

    private void call(Batch batch) {
        int rows = batch.rows();
        if (rows <= rowsAtOnce) {
            batch.told(call(batch, 0, batch.size(), rows));
            return;
        }
        FloatBuffer told = FloatBuffer.allocate(rows * StepScript.outcomeWidth(program));
        for (int from = 0; from < rows; from += rowsAtOnce) {
            int to = Math.min(rows, from + rowsAtOnce);
            told.put(call(batch, from, to, to));
        }
        batch.told(told.array());
    }

    /** What came of the samples in [from, to), which ask for the rows in [from, lastRow). */
    private float[] call(Batch batch, int from, int to, int lastRow) {
        try (NDManager call = manager.newSubManager()) {
            NDArray samples = call.create(batch.samples(from, to), new Shape(to - from, sampleWidth), DataType.FLOAT32);
            NDList arguments = new NDList(samples, index(call, batch, from, lastRow), slab);
            if (batch.learns()) {
                arguments.addAll(room(Math.min(rowsAtOnce, batch.mostRows())));
                batch.facts()
                        .ifPresent(facts ->
                                arguments.add(call.create(facts, new Shape(SharedRow.FACTS), DataType.FLOAT32)));
            } else {
                arguments.add(prediction);
            }
            return run(arguments).toFloatArray();
        }
    }

    /** Kept from step to step: as fresh memory, it would cost a page fault for each page touched, a step's time again. */
    private NDList room(int rows) {
        if (room.isEmpty() || room.get(0).getShape().get(0) < rows) {
            room.close();
            room = new NDList(
                    scratch.zeros(new Shape(rows, width), DataType.FLOAT32),
                    scratch.zeros(new Shape((long) rows * members, parameters), DataType.FLOAT32));
        }
        return room;
    }

    /** Calls a method without the optimizing interpreter, whose choices change the last bits. */
    private NDArray run(NDList arguments) {
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(false); // both settings belong to the thread; a script that needs gradients says so
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
