package io.millrace.jobs.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.jobs.run.Evaluation;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.metrics.Scores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace evaluate}: scores a job on a file. */
@Command(
        name = "evaluate",
        description = {
            "Scores a job on a file, without Kafka.",
            "",
            "Every record is predicted, then learnt (test-then-train), in order, through the decoder, encoder and"
                    + " learner that the job runs. Scores stand beside those of naive predictors on the same events:"
                    + " no-change repeats the key's last label, majority class says the most frequent class, known in"
                    + " hindsight."
        },
        footer = {"%nExample:", "  millrace evaluate job.yaml --input history.csv --json scores.json"})
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private JobArgument job;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "CSV whose first line names the columns, or JSON objects, one per line (.json, .jsonl).")
    private Path input;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores to this file, too.")
    private @Nullable Path json;

    /** What {@code --json} writes. */
    private record Report(@JsonUnwrapped Scores scores, double eventsPerSecond, long deadLetters) {}

    @Override
    public Integer call() throws Exception {
        JobSpec spec = job.resolved();
        if (!Files.isReadable(input)) {
            throw new IOException("--input: there is no readable file " + input);
        }
        PrintWriter err = command.commandLine().getErr();
        Evaluation.Result result;
        try (Progress progress = new Progress(err, 2)) {
            result = Evaluation.run(spec, input, progress);
        }
        Scores scores = Scores.of(result.overall());
        if (json != null) {
            Report report = new Report(
                    scores, result.eventsPerSecond(), result.overall().deadLetters());
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), report);
        }
        print(spec, result, scores);
        return ExitCode.FINE;
    }

    private void print(JobSpec spec, Evaluation.Result result, Scores scores) {
        PrintWriter out = command.commandLine().getOut();
        out.println(String.format(
                Locale.ROOT,
                "%s on %s: %s scored, %s, %s, %,.0f events/s",
                spec.name(),
                input.getFileName(),
                Figure.count(scores.events(), "event"),
                Figure.count(result.overall().deadLetters(), "dead letter"),
                Figure.count(result.overall().models(), "model"),
                result.eventsPerSecond()));
        Table.of(scores).forEach(out::println);
        out.flush();
    }
}
