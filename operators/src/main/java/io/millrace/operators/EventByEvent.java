package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.state.records.Sample;

/** Executes each sample at once, on its key's row. */
final class EventByEvent implements Pace {
    private final Rows rows;
    private final Results results;
    private final JvmExecutor executor;
    private final Outcome outcome;

    EventByEvent(Program program, Rows rows, Results results) {
        this.rows = rows;
        this.results = results;
        executor = new JvmExecutor(program);
        outcome = new Outcome(program.problem().target().scores());
    }

    @Override
    public void accept(Sample sample) throws Exception {
        float[] row = rows.row(sample.key(), sample.labelled());
        executor.step(row, sample.features(), sample.label(), sample.weight(), sample.learns(), outcome);
        results.emit(sample, outcome);
    }

    @Override
    public void writeBack() throws Exception {
        rows.writeBack();
    }
}
