package io.millrace.jobs.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.jobs.run.Evaluation;
import io.millrace.jobs.run.KeyView;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An evaluation as JSON.
 *
 * @param input the file's name
 * @param jobs one for each job
 */
public record Figures(String input, List<Job> jobs) {

    /**
     * One job.
     *
     * @param calibration of the chosen class's probability; empty for values
     * @param keys the busiest ones, one by one
     * @param windows all events, in order
     */
    public record Job(
            String job,
            double eventsPerSecond,
            long deadLetters,
            long models,
            long drifts,
            Scores scores,
            List<Sums.Confidence> calibration,
            List<KeyView> keys,
            List<Window> windows) {}

    /**
     * A stretch of events.
     *
     * @param end how many events were scored up to its end
     * @param drifts alarms in it
     */
    public record Window(long end, long drifts, Scores scores) {}

    /** The figures of jobs on a file. */
    public static Figures of(String input, List<Evaluated> learners) {
        return new Figures(input, learners.stream().map(Figures::job).toList());
    }

    private static Job job(Evaluated learner) {
        List<Window> windows = new ArrayList<>();
        long end = 0;
        for (Evaluation.Window window : learner.windows()) {
            end += window.scored();
            windows.add(new Window(end, window.drifts(), window.scores()));
        }
        Tally overall = learner.overall();
        return new Job(
                learner.name(),
                learner.eventsPerSecond(),
                overall.deadLetters(),
                overall.models(),
                overall.drifts(),
                learner.scores(),
                calibration(overall.sums()),
                learner.keys(),
                windows);
    }

    private static List<Sums.Confidence> calibration(Sums sums) {
        List<Sums.Confidence> bins = new ArrayList<>();
        for (int bin = 0; sums.classes() > 0 && bin < Sums.CONFIDENCE_BINS; bin++) {
            Sums.Confidence confidence = sums.confidence(bin);
            if (confidence.events() > 0) {
                bins.add(confidence);
            }
        }
        return bins;
    }

    /** Writes them to a file. */
    public void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
