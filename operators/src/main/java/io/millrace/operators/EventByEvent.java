package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.state.records.Sample;
import java.io.IOException;

/** Executes each sample at once, on its key's row. */
final class EventByEvent implements Pace {
    private static final int TIMED = 63; // one event of 64: a look at the clock takes a fiftieth of a step

    private final Program program;
    private final Rows rows;
    private final Lifecycle lifecycle;
    private final Resets resets;
    private final Outcomes outcomes;
    private final JvmExecutor executor;
    private final Outcome outcome;
    private final LearnerMetrics metrics;
    private int events;

    EventByEvent(
            Program program, Rows rows, Lifecycle lifecycle, Resets resets, Outcomes outcomes, LearnerMetrics metrics) {
        this.program = program;
        this.rows = rows;
        this.lifecycle = lifecycle;
        this.resets = resets;
        this.outcomes = outcomes;
        executor = new JvmExecutor(program, lifecycle.anew(""));
        outcome = new Outcome(program.problem().target().scores());
        this.metrics = metrics;
    }

    @Override
    public void accept(Sample sample) throws Exception {
        float[] row = rows.row(sample);
        boolean timed = (events++ & TIMED) == 0;
        long began = timed ? System.nanoTime() : 0;
        executor.step(row, sample.features(), sample.label(), sample.weight(), sample.learns(), outcome);
        if (timed) {
            metrics.took(sample.learns(), System.nanoTime() - began);
        }
        if (sample.labelled()) {
            count(sample, row);
        }
        outcomes.emit(sample, outcome);
    }

    private void count(Sample sample, float[] row) throws IOException {
        program.lastSeen(row, lifecycle.seen(sample.key(), program.lastSeen(row), sample.time()));
        int refusals = resets.refusals(program.refusals(row), sample.learns(), outcome.status);
        program.refusals(row, refusals);
        outcome.remedy = resets.isDue(refusals) ? resets.reset(sample.key(), row) : "";
    }

    @Override
    public void writeBack() throws Exception {
        rows.writeBack();
    }

    @Override
    public void release(String key) throws Exception {
        rows.release(key);
    }
}
