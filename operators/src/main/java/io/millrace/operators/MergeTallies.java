package io.millrace.operators;

import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds up the tallies of all subtasks, in the order in which they come; what it has added up is kept by checkpoints. Runs
 * at parallelism 1.
 */
final class MergeTallies extends ProcessFunction<Tally, Telemetry> implements CheckpointedFunction {
    private static final int PANES = 50; // of a sliding window

    private final long recentEvents; // shipped with the job graph, as the next
    private final double halfLife;
    private final int keys;
    private transient ListState<Tally> savedOverall; // kept by checkpoints, as the next two
    private transient ListState<Sums> savedPanes;
    private transient ListState<Sums> savedFaded;
    private transient TelemetryMetrics metrics; // rebuilt at every start
    private transient Tally overall;
    private transient Sums faded;
    private transient Deque<Sums> panes; // of the sliding window, oldest first

    /** @param keys that are told of one by one */
    MergeTallies(Telemetry.Span span, int keys) {
        recentEvents = span.recent();
        halfLife = span.halfLife();
        this.keys = keys;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        savedOverall = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("overall", Tally.class));
        savedPanes = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("recent", Sums.class));
        savedFaded = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("faded", Sums.class));
        overall = Tally.NONE;
        for (Tally tally : savedOverall.get()) {
            overall = overall.plus(tally.restored());
        }
        panes = new ArrayDeque<>();
        savedPanes.get().forEach(sums -> panes.add(sums.restored()));
        faded = Sums.NONE;
        for (Sums sums : savedFaded.get()) {
            faded = faded.plus(sums.restored());
        }
    }

    @Override
    public void open(OpenContext context) {
        metrics = new TelemetryMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        savedOverall.update(List.of(overall));
        savedPanes.update(List.copyOf(panes));
        savedFaded.update(List.of(faded));
    }

    @Override
    public void processElement(Tally window, Context context, Collector<Telemetry> out) {
        overall = overall.plus(window).withBusiest(keys);
        faded = faded.times(Math.pow(0.5, window.scored() / halfLife)).plus(window.sums());
        Telemetry telemetry = new Telemetry(
                context.timerService().currentProcessingTime(),
                window.withBusiest(0),
                slide(window.sums()),
                faded,
                overall);
        metrics.show(telemetry);
        out.collect(telemetry);
    }

    /** The sliding window after more events; small stretches share a pane, so that there are never many. */
    private Sums slide(Sums events) {
        Sums newest = panes.peekLast();
        if (newest != null && newest.scored() < recentEvents / (double) PANES) {
            panes.removeLast();
            panes.add(newest.plus(events));
        } else {
            panes.add(events);
        }
        Sums recent = panes.stream().reduce(Sums.NONE, Sums::plus);
        while (recent.scored() - panes.getFirst().scored() >= recentEvents) {
            panes.removeFirst();
            recent = panes.stream().reduce(Sums.NONE, Sums::plus);
        }
        return recent;
    }
}
