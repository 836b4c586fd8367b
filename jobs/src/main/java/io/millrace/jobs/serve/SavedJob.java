package io.millrace.jobs.serve;

import io.millrace.connectors.event.EventReader;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.yaml.WrongSpec;
import io.millrace.models.Program;
import io.millrace.models.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A snapshot and the job that wrote it, which its manifest tells.
 *
 * @param snapshot the models
 * @param spec the job
 * @param program the job's model, of the layout of the snapshot's rows
 */
public record SavedJob(Snapshot snapshot, JobSpec spec, Program program) {

    /**
     * Opens a complete snapshot.
     *
     * @throws IllegalArgumentException if it is none, or not of a job of this version, saying why
     */
    public static SavedJob open(Path directory) throws IOException {
        Snapshot snapshot = Snapshot.open(directory);
        JobSpec spec = spec(snapshot);
        Program program = spec.model().compile(questions(spec).problem());
        String difference = snapshot.manifest().difference(program.layout());
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(
                    snapshot.name() + ": its rows are not those of the spec in its manifest: " + difference);
        }
        return new SavedJob(snapshot, spec, program);
    }

    private static JobSpec spec(Snapshot snapshot) {
        String text = snapshot.manifest().spec();
        try {
            return JobFile.FORMAT.read(text == null ? "" : text, "spec").orThrow();
        } catch (WrongSpec e) {
            throw new IllegalArgumentException(
                    snapshot.name() + ": the spec in its manifest is no job: "
                            + e.mistakes().get(0),
                    e);
        }
    }

    /** Reads events that the job's models are asked about; for one thread. */
    EventReader questions() {
        return questions(spec);
    }

    private static EventReader questions(JobSpec spec) {
        return EventReader.ofQuestions(spec.source().format(), spec.event(), spec.label(), spec.features());
    }
}
