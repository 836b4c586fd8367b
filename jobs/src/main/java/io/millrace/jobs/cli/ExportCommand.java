package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.event.Feature;
import io.millrace.jobs.serve.SavedJob;
import io.millrace.models.onnx.OnnxModel;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.models.snapshot.SnapshotRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace export}: writes one model of a snapshot as an ONNX file. */
@Command(
        name = "export",
        description = {
            "Writes one model of a snapshot as an ONNX file, which predicts the same numbers elsewhere and does not learn.",
            "",
            "Each feature is an input [events, 1]: a number is a float, NaN where it is missing; a category is the"
                    + " index of its bucket, int64. Each class has an output probability:CLASS [events, 1]; a predicted"
                    + " value is the output prediction."
        },
        footer = {"%nExample:", "  millrace export models/ --key card-42 --onnx card-42.onnx"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "SNAPSHOT",
            description = "A snapshot, or a directory of snapshots, of which the newest is taken; path or file: URI.")
    private String directory;

    @Option(names = "--key", paramLabel = "KEY", required = true, description = "Whose model.")
    private String key;

    @Option(names = "--onnx", paramLabel = "FILE", required = true, description = "The file to write.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        Path path = SnapshotDirectory.path(directory);
        SavedJob job = SavedJob.open(Snapshot.newest(path).orElse(path));
        float[] row = row(job);
        Files.write(file, OnnxModel.of(job.program(), row, inputs(job), notes(job, row)));
        PrintWriter err = command.commandLine().getErr();
        err.println("millrace: " + file + " predicts as the model of \"" + key + "\" does after "
                + job.program().updates(row) + " updates");
        err.flush();
        return ExitCode.FINE;
    }

    private float[] row(SavedJob job) throws IOException {
        try (SnapshotRows rows = SnapshotRows.of(job.snapshot())) {
            float[] row = rows.row(key);
            if (row == null) {
                throw new IllegalArgumentException("there is no model of the key \"" + key + "\" in "
                        + job.snapshot().name());
            }
            return row;
        }
    }

    /** The names of the features in the order of the model's: all numbers, then all categories. */
    private static List<String> inputs(SavedJob job) {
        List<String> numbers = new ArrayList<>();
        List<String> categories = new ArrayList<>();
        for (Feature feature : job.spec().features()) {
            (feature instanceof Feature.Categorical ? categories : numbers).addAll(feature.names());
        }
        numbers.addAll(categories);
        return numbers;
    }

    private Map<String, String> notes(SavedJob job, float[] row) throws IOException {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("job", job.spec().name());
        notes.put("key", key);
        notes.put("version", Long.toString(job.program().updates(row)));
        notes.put("snapshot", job.snapshot().name());
        notes.put("fingerprint", job.snapshot().manifest().fingerprint());
        List<String> classes = job.spec().label().target().classes();
        if (!classes.isEmpty()) {
            notes.put("classes", new ObjectMapper().writeValueAsString(classes));
        }
        for (Feature feature : job.spec().features()) {
            if (feature instanceof Feature.Categorical category) {
                notes.put("feature:" + category.field(), buckets(category));
            }
        }
        return notes;
    }

    private static String buckets(Feature.Categorical category) {
        return "bucket in [0, " + category.buckets() + "): MurmurHash3 (x86, 32 bit, seed 0) of the UTF-8 text, as an"
                + " unsigned number modulo " + category.buckets() + "; a missing one is "
                + category.bucket(null);
    }
}
