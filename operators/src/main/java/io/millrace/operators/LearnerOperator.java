package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.models.metrics.Tally;
import io.millrace.models.program.Transfer;
import io.millrace.state.LayoutChange;
import io.millrace.state.RowSerializer;
import io.millrace.state.records.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Predicts and learns every sample in its key's model, in arrival order per key; emits tallies, and predictions, dead
 * letters and snapshots on side outputs.
 *
 * <p>Keyed state holds one row per key, and {@link PendingLabels} if labels come later; it is redistributed by key at
 * another parallelism. Operator state holds how often each label was seen, for a naive predictor, and
 * the {@link WatchedKeys}. Whatever was gathered is
 * executed, counted and emitted before a checkpoint's barrier, so no more state is needed.
 */
final class LearnerOperator extends AbstractStreamOperator<Tally>
        implements OneInputStreamOperator<Sample, Tally>, BoundedOneInput {
    private static final String ROWS = "rows";
    private static final long TALLY_MILLIS = 1000;

    private final LearnerSpec spec; // shipped with the job graph
    private transient ValueState<float[]> rows; // kept by checkpoints
    private transient RowSerializer serializer; // rebuilt at every start
    private transient Results results; // rebuilt at every start
    private transient boolean restored;
    private transient Lifecycle lifecycle; // rebuilt at every start; holds files open
    private transient Resets resets; // rebuilt at every start; holds files open
    private transient Pace pace; // rebuilt at every start; may own native memory
    private transient @Nullable Snapshots snapshots; // null if none are taken
    private transient @Nullable RunnableFuture<Void> part; // of a snapshot; set while the checkpoint at hand is begun
    private transient @Nullable ScheduledFuture<?> tallyTimer;

    LearnerOperator(LearnerSpec spec) {
        this.spec = spec;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        restored = context.isRestored();
        Program program = spec.model().compile(spec.problem());
        LOG.info(
                "Models of {} floats ({} bytes), layout {}:\n{}",
                program.layout().width(),
                program.layout().width() * Float.BYTES,
                program.layout().fingerprint(),
                program.layout().describe());
        serializer = new RowSerializer(program.layout(), spec.state().onLayoutChange());
        rows = context.getKeyedStateStore().getState(new ValueStateDescriptor<>(ROWS, serializer));
        if (serializer.transfer() != null) {
            evolve(serializer.transfer());
        }
        LearnerMetrics metrics = new LearnerMetrics(getMetricGroup());
        TaskInfo task = getRuntimeContext().getTaskInfo();
        results = new Results(output, getProcessingTimeService(), spec, metrics, task);
        results.initializeState(context.getOperatorStateStore());
        StatePlan plan = spec.state();
        Beginnings beginnings = new Beginnings(program, plan);
        lifecycle = new Lifecycle(program, rows, beginnings, plan.ttl(), this::setCurrentKey, results::expired);
        resets = new Resets(program, plan.onRefusedSteps(), beginnings, snapshotDirectory(), results::reset);
        pace = spec.join() == null
                ? pace(program, results, metrics)
                : new PendingLabels(
                        spec.join(),
                        spec.problem(),
                        context.getKeyedStateStore(),
                        due -> getInternalTimerService("labels", StringSerializer.INSTANCE, due),
                        this::setCurrentKey,
                        results,
                        outcomes -> pace(program, outcomes, metrics));
        if (spec.snapshots() != null) {
            snapshots = new Snapshots(
                    spec.snapshots(),
                    spec.job(),
                    program.layout(),
                    task,
                    getProcessingTimeService().getCurrentProcessingTime());
        }
    }

    /** Carries saved rows of another layout over, as far as the back end has not, or begins all anew. */
    private void evolve(Transfer transfer) throws Exception {
        boolean restart = spec.state().onLayoutChange() == LayoutChange.RESTART;
        LOG.warn("The saved models have another layout; {}", restart ? "all begin anew" : transfer);
        if (!restart && !onHeap()) {
            return;
        }
        for (String key : keys()) {
            setCurrentKey(key);
            if (restart) {
                rows.clear();
            } else {
                rows.update(transfer.apply(rows.value()));
            }
        }
    }

    private @Nullable String snapshotDirectory() {
        return spec.snapshots() == null ? null : spec.snapshots().directory();
    }

    private Pace pace(Program program, Outcomes outcomes, LearnerMetrics metrics) {
        long cacheBytes = spec.state().cacheBytes();
        if (spec.execution().resolved() == Execution.Executor.DJL) {
            return new MicroBatches(
                    program,
                    spec.execution(),
                    rows,
                    this::setCurrentKey,
                    cacheBytes,
                    lifecycle,
                    resets,
                    outcomes,
                    getProcessingTimeService(),
                    metrics);
        }
        Rows keyed = onHeap()
                ? new RowsInPlace(program, rows, lifecycle)
                : new RowsInCache(program, rows, lifecycle, this::setCurrentKey, cacheBytes, metrics);
        return new EventByEvent(program, keyed, lifecycle, resets, outcomes, metrics);
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (lifecycle.expire()) {
            lifecycle.removeWith(
                    getInternalTimerService("expiry", VoidNamespaceSerializer.INSTANCE, lifecycle), pace::release);
            if (restored) {
                lifecycle.watch(keys());
            }
        }
        scheduleTally();
    }

    private void scheduleTally() {
        long next = getProcessingTimeService().getCurrentProcessingTime() + TALLY_MILLIS;
        tallyTimer = getProcessingTimeService().registerTimer(next, time -> {
            results.emitTally();
            scheduleTally();
        });
    }

    @Override
    public void processElement(StreamRecord<Sample> element) throws Exception {
        Sample sample = element.getValue();
        if (sample.kind() == Sample.Kind.LABEL && spec.join() == null) {
            throw new IllegalArgumentException("a label alone (" + sample.id()
                    + ") needs a learner that joins labels: LearnerSpec.with(LabelJoin)");
        }
        String fault = fault(sample);
        if (fault.isEmpty()) {
            pace.accept(sample);
        } else {
            results.refuse(sample, fault);
        }
        if (snapshots != null) {
            snapshots.event();
        }
    }

    /** Why a sample is not one of the model's problem; empty if it is. */
    private String fault(Sample sample) {
        if (sample.labelled() && !spec.problem().target().fits(sample.label())) {
            return "label=" + Arrays.toString(sample.label()) + " is none of what the model predicts";
        }
        if (!(sample.weight() >= 0 && sample.weight() <= Float.MAX_VALUE)) {
            return "weight=" + sample.weight() + " must be finite and >= 0";
        }
        boolean alone = sample.kind() == Sample.Kind.LABEL && sample.labelled();
        return alone ? "" : spec.problem().inputs().fault(sample.features());
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        pace.flush();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        pace.flush();
        results.emitTally();
    }

    @Override
    public void endInput() throws Exception {
        pace.flush();
        results.emitTally();
        if (snapshots != null) {
            snapshots.end();
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        pace.writeBack();
        results.snapshotState();
        if (snapshots == null || !snapshots.due(context.getCheckpointTimestamp())) {
            return;
        }
        RunnableFuture<Void> due =
                snapshots.part(context.getCheckpointId(), context.getCheckpointTimestamp(), frozen());
        if (snapshots.hasEnded()) { // there is nothing to hold up, and parts may have to be withdrawn
            due.run();
            due.get();
        } else {
            part = due;
        }
    }

    private FrozenRows frozen() throws Exception {
        if (FrozenTable.isOf(rows)) {
            return new FrozenTable(rows);
        }
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        int keyGroups = getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
        return new FrozenBytes((CheckpointableKeyedStateBackend<String>) backend, ROWS, serializer, keyGroups);
    }

    /**
     * Takes the checkpoint. The part of a snapshot that is due is written in the checkpoint's asynchronous phase, before
     * the checkpoint's own bytes: on the heap Flink copies a row before it is changed until those are written, too.
     */
    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpoint, long millis, CheckpointOptions options, CheckpointStreamFactory storage) throws Exception {
        part = null;
        try {
            OperatorSnapshotFutures futures = super.snapshotState(checkpoint, millis, options, storage);
            RunnableFuture<SnapshotResult<KeyedStateHandle>> write = futures.getKeyedStateManagedFuture();
            if (part != null) {
                write = new After<>(part, write);
            }
            if (onHeap() && !write.isDone()) {
                write = new Until<>(write, serializer.spares().read());
            }
            futures.setKeyedStateManagedFuture(write);
            return futures;
        } catch (Exception e) {
            if (part != null) {
                part.cancel(false);
            }
            throw e;
        }
    }

    private boolean onHeap() {
        return getKeyedStateBackend() instanceof HeapKeyedStateBackend;
    }

    private List<String> keys() {
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        try (Stream<String> keys = backend.getKeys(ROWS, VoidNamespace.INSTANCE)) {
            return keys.toList();
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        if (snapshots != null) {
            snapshots
                    .completed(checkpoint)
                    .ifPresent(taken -> output.collect(OnlineLearner.SNAPSHOTS, new StreamRecord<>(taken)));
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) throws Exception {
        super.notifyCheckpointAborted(checkpoint);
        if (snapshots != null) {
            snapshots.aborted(checkpoint);
        }
    }

    @Override
    public void close() throws Exception {
        if (tallyTimer != null) {
            tallyTimer.cancel(false);
        }
        if (pace != null) {
            pace.close();
        }
        if (lifecycle != null) {
            lifecycle.close();
        }
        if (resets != null) {
            resets.close();
        }
        super.close();
    }
}
