package io.millrace.jobs.serve;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventReader;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Says of events what the job would have said of them, with the models of one edition. Belongs to one thread at a time. */
final class Predictor {
    private static final float[] NO_LABEL = {};
    private static final Origin REQUEST = new Origin("request", 0, Long.MIN_VALUE, 0);
    private static final String NO_ID = REQUEST.partition() + "-" + REQUEST.offset();

    private final Edition edition;
    private final EventReader reader;
    private final JvmExecutor executor;
    private final Outcome outcome;

    Predictor(Edition edition, SavedJob job) {
        this.edition = edition;
        reader = job.questions();
        executor = new JvmExecutor(job.program());
        outcome = new Outcome(job.program().problem().target().scores());
    }

    /**
     * Answers everything that is asked, or nothing.
     *
     * @throws Refusal if an event cannot be read, its key has no model, or the model has no finite answer
     */
    List<Answer> answer(Question question) throws Refusal, IOException {
        List<Answer> answers = new ArrayList<>(question.events().size());
        for (byte[] event : question.events()) {
            try {
                answers.add(predict(event));
            } catch (Refusal e) {
                throw question.several() ? e.of(answers.size()) : e;
            }
        }
        return answers;
    }

    private Answer predict(byte[] event) throws Refusal, IOException {
        Decoded decoded = reader.read(null, event, REQUEST);
        Sample sample = decoded.sample();
        if (sample == null) {
            throw new Refusal(400, Objects.requireNonNull(decoded.deadLetter()).reason());
        }
        Edition.Model model = edition.model(sample.key());
        executor.step(model.row(), sample.features(), NO_LABEL, 1, false, outcome);
        if (outcome.status != Status.PREDICTED) {
            throw new Refusal(422, outcome.refusal());
        }
        return new Answer(
                sample.id().equals(NO_ID) ? null : sample.id(),
                sample.key(),
                outcome.scores.clone(),
                outcome.version,
                model.source(),
                reader.missing());
    }
}
