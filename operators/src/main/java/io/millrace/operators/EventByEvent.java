package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.state.records.Sample;
import org.apache.flink.api.common.state.ValueState;

/**
 * Executes each sample at once, on the row in keyed state itself: on the heap back end the row is the state's own
 * object and is changed in place, which Flink allows by copying a row on its first access after a checkpoint began.
 */
final class EventByEvent implements Pace {
    private final Program program;
    private final ValueState<float[]> rows;
    private final Results results;
    private final JvmExecutor executor;
    private final Outcome outcome;

    EventByEvent(Program program, ValueState<float[]> rows, Results results) {
        this.program = program;
        this.rows = rows;
        this.results = results;
        executor = new JvmExecutor(program);
        outcome = new Outcome(program.problem().target().scores());
    }

    @Override
    public void accept(Sample sample) throws Exception {
        float[] row = rows.value();
        boolean fresh = row == null;
        if (fresh) {
            row = program.initialRow(sample.key());
        }
        executor.step(row, sample.features(), sample.label(), sample.weight(), sample.learns(), outcome);
        if (outcome.status == Outcome.Status.LEARNT || (sample.labelled() && !fresh)) {
            rows.update(row);
        }
        results.emit(sample, outcome);
    }
}
