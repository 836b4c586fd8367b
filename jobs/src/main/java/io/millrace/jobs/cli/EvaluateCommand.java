package io.millrace.jobs.cli;

import io.millrace.jobs.report.Evaluated;
import io.millrace.jobs.report.Figures;
import io.millrace.jobs.report.KeyTable;
import io.millrace.jobs.report.Page;
import io.millrace.jobs.run.Delay;
import io.millrace.jobs.run.Evaluation;
import io.millrace.jobs.run.HeldOut;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.metrics.Scores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace evaluate}: scores jobs on a file. */
@Command(
        name = "evaluate",
        description = {
            "Scores one or several jobs on a file, without Kafka.",
            "",
            "Every record is predicted, then learnt (test-then-train), in order, through the decoder, encoder and"
                    + " learner that the job runs. Scores stand beside those of naive predictors on the same events:"
                    + " no-change repeats the key's last label, majority class says the class that was the most frequent so"
                    + " far. Below stand the best and the worst of the keys with the most events (telemetry.keys).",
            "",
            "With --delay labels come later, through the join that jobs have for late labels: the prediction made at"
                    + " the event is scored, and no-change knows only those labels that had come by then. Several"
                    + " delays give one table.",
            "",
            "With --hold-out the end of the file is predicted and scored after the rest was learnt, once or in several"
                    + " --passes; nothing else is scored.",
            "",
            "With --grid the job is tried as it is and then with plain gradient descent and Adam at rates a factor of"
                    + " three apart, the rest alike: one line for each."
        },
        footer = {
            "%nExamples:",
            "  millrace evaluate job.yaml --input history.csv --json scores.json",
            "  millrace evaluate slow.yaml fast.yaml --input history.csv --html report.html",
            "  millrace evaluate job.yaml --input history.csv --delay 0,1,10,48",
            "  millrace evaluate job.yaml --input history.csv --delay 30min,1d",
            "  millrace evaluate job.yaml --input history.csv --hold-out 0.1 --passes 10",
            "  millrace evaluate job.yaml --input history.csv --grid"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "JOB.yaml", arity = "1..*", description = "The job files.")
    private List<Path> files;

    @Mixin
    private ExecutorOption executor;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "CSV whose first line names the columns, or JSON objects, one per line (.json, .jsonl).")
    private Path input;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Write the scores to this file, too: over all events, and over each window of telemetry.every.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page with plots to this file; it needs no other file.")
    private @Nullable Path html;

    @Option(
            names = "--delay",
            split = ",",
            paramLabel = "N|DURATION",
            description = "How much later labels come: by so many events of the file, or by so much event time;"
                    + " several, separated by commas, are tried in turn.")
    private List<String> delays = List.of();

    @Option(
            names = "--hold-out",
            paramLabel = "SHARE",
            description = "Score only this share of the file, its end, which is not learnt; as 0.1.")
    private double heldOut;

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --hold-out: learn the rest of the file so often (1).")
    private int passes;

    @Option(names = "--grid", description = "Also try the one job with other optimizers, at several learning rates.")
    private boolean grid;

    private String names = ""; // of the jobs

    @Override
    public Integer call() throws Exception {
        requireOptionsThatFit();
        if (!Files.isReadable(input)) {
            throw new IOException("--input: there is no readable file " + input);
        }
        Map<String, JobSpec> specs = specs();
        names = String.join(", ", specs.keySet());
        if (grid) {
            specs = Grid.of(specs.values().iterator().next());
        }
        List<Evaluated> learners = new ArrayList<>();
        for (Map.Entry<String, JobSpec> each : specs.entrySet()) {
            if (delays.isEmpty()) {
                learners.add(evaluated(each.getKey(), each.getValue(), null));
            }
            for (Delay delay : delays(each.getValue())) {
                String name = specs.size() == 1 ? delay.toString() : each.getKey() + " " + delay;
                learners.add(evaluated(delays.size() == 1 ? each.getKey() : name, each.getValue(), delay));
            }
        }
        List<String> summary = grid || delays.size() > 1 ? byLine(learners) : summary(learners);
        PrintWriter out = command.commandLine().getOut();
        summary.forEach(out::println);
        out.flush();
        String file = String.valueOf(input.getFileName());
        if (json != null) {
            Figures.of(file, learners).write(json);
        }
        if (html != null) {
            Files.writeString(html, Page.of(names + " on " + file, summary, learners));
        }
        return ExitCode.FINE;
    }

    private void requireOptionsThatFit() {
        boolean asked = command.commandLine().getParseResult().hasMatchedOption("--hold-out");
        if (asked && !(heldOut > 0 && heldOut < 1)) {
            throw new ParameterException(
                    command.commandLine(), "--hold-out=" + heldOut + " must be > 0 and < 1, the share of the file");
        }
        if (passes < 1) {
            throw new ParameterException(command.commandLine(), "--passes=" + passes + " must be >= 1");
        }
        if (passes > 1 && !asked) {
            throw new ParameterException(
                    command.commandLine(),
                    "--passes needs --hold-out: events that were learnt before say nothing of those to come");
        }
        if (grid && (files.size() > 1 || !delays.isEmpty())) {
            throw new ParameterException(command.commandLine(), "--grid takes one job, and no --delay");
        }
        if (asked && !delays.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--hold-out and --delay exclude each other");
        }
    }

    /** The jobs by their names; by their files where names are alike. All are read before any is run. */
    private Map<String, JobSpec> specs() {
        Map<String, JobSpec> specs = new LinkedHashMap<>();
        for (Path file : files) {
            JobSpec spec =
                    executor.apply(JobFile.FORMAT.resolve(JobFile.read(file).orThrow()));
            String name = specs.containsKey(spec.name()) ? file.toString() : spec.name();
            if (specs.put(name, spec) != null) {
                throw new IllegalArgumentException(file + " is named twice");
            }
        }
        return specs;
    }

    private List<Delay> delays(JobSpec spec) {
        List<Delay> parsed = new ArrayList<>();
        for (String text : delays) {
            try {
                parsed.add(Delay.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(command.commandLine(), "--delay " + e.getMessage(), e);
            }
        }
        if (spec.event().time() == null && parsed.stream().anyMatch(delay -> delay.time() != null)) {
            throw new ParameterException(
                    command.commandLine(), "--delay by time needs event.time, which " + spec.name() + " does not have");
        }
        return parsed;
    }

    private List<String> byLine(List<Evaluated> learners) {
        String by = grid ? ", by optimizer" : ", by the labels' delay";
        List<String> lines = new ArrayList<>();
        lines.add(names + " on " + input.getFileName() + by);
        lines.addAll(LineTable.of(grid ? "optimizer" : "delay", learners));
        return lines;
    }

    private Evaluated evaluated(String name, JobSpec spec, @Nullable Delay delay) throws Exception {
        try (Progress progress = new Progress(command.commandLine().getErr(), 2)) {
            Evaluation.Result result = Evaluation.run(spec, input, delay, heldOut(), progress);
            return new Evaluated(name, result.overall(), result.windows(), result.eventsPerSecond());
        }
    }

    private @Nullable HeldOut heldOut() {
        return heldOut > 0 ? new HeldOut(heldOut, passes) : null;
    }

    private List<String> summary(List<Evaluated> learners) {
        List<String> lines = new ArrayList<>();
        learners.forEach(learner -> lines.add(headline(learner)));
        Map<String, Scores> scores = new LinkedHashMap<>();
        learners.forEach(learner -> scores.put(learners.size() == 1 ? "learner" : learner.name(), learner.scores()));
        long baselines =
                scores.values().stream().map(Scores::baselines).distinct().count();
        if (baselines == 1) {
            lines.addAll(Table.of(scores));
        } else { // other keys or other labels: each beside its own
            scores.forEach((name, each) -> lines.addAll(Table.of(Map.of(name, each))));
        }
        learners.forEach(learner -> lines.addAll(keys(learner, learners.size() > 1)));
        return lines;
    }

    private static List<String> keys(Evaluated learner, boolean named) {
        List<String> lines = new ArrayList<>(KeyTable.lines(learner.keys()));
        if (!lines.isEmpty()) {
            lines.add(0, named ? learner.name() : "");
        }
        return lines;
    }

    private String headline(Evaluated learner) {
        long drifts = learner.overall().drifts();
        return String.format(
                Locale.ROOT,
                "%s on %s: %s scored, %s, %s%s, %,.0f events/s",
                learner.name(),
                input.getFileName(),
                Figure.count(learner.scores().events(), "event"),
                Figure.count(learner.overall().deadLetters(), "dead letter"),
                Figure.count(learner.overall().models(), "model"),
                drifts == 0 ? "" : ", " + Figure.count(drifts, "drift"),
                learner.eventsPerSecond());
    }
}
