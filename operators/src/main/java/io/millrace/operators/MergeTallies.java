package io.millrace.operators;

import io.millrace.models.metrics.Tally;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Adds up the tallies of all subtasks; what it has added up is kept by checkpoints. Runs at parallelism 1. */
final class MergeTallies extends ProcessFunction<Tally, Telemetry> implements CheckpointedFunction {
    private transient ListState<Tally> saved; // kept by checkpoints
    private transient Tally overall;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        saved = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("overall", Tally.class));
        overall = Tally.NONE;
        for (Tally tally : saved.get()) {
            overall = overall.plus(tally);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        saved.update(List.of(overall));
    }

    @Override
    public void processElement(Tally window, Context context, Collector<Telemetry> out) {
        overall = overall.plus(window);
        out.collect(new Telemetry(context.timerService().currentProcessingTime(), window, overall));
    }
}
