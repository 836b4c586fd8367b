package io.millrace.models.djl;

import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.drift.Lookout;
import io.millrace.models.drift.OnDrift;
import java.util.Objects;

/**
 * Watches the errors of a batch's rows. What rows remember of them comes with the outcomes of a step, at no wait for the
 * device, and stands there changed afterwards. Belongs to one thread.
 */
final class Watch {
    private final Lookout lookout;
    private final int from; // where a row has what it remembers
    private final int length;
    private final int outcomeWidth;
    private final float[] row; // of the sample at hand; holds nothing else
    private final Outcome outcome;

    /** @param program that answers drift */
    Watch(Program program) {
        OnDrift.Places drift = Objects.requireNonNull(program.drift());
        lookout = drift.lookout(program.layout());
        from = program.layout().at(drift.memory());
        length = drift.memory().length();
        outcomeWidth = StepScript.outcomeWidth(program);
        row = new float[program.layout().width()];
        outcome = new Outcome(program.problem().target().scores());
    }

    /** Takes note of everything that a batch has learnt. */
    void learnt(Batch batch) {
        float[] outcomes = batch.outcomes();
        for (int sample = 0; sample < batch.size(); sample++) {
            batch.outcome(sample, outcome);
            if (outcome.status == Status.LEARNT) {
                int at = (sample + 1) * outcomeWidth - length;
                System.arraycopy(outcomes, at, row, from, length);
                if (lookout.learnt(row, batch.label(sample), outcome)) {
                    batch.alarm(sample);
                }
                System.arraycopy(row, from, outcomes, at, length);
            }
        }
    }
}
