package io.millrace.jobs.cli;

import io.millrace.models.snapshot.Manifest;
import io.millrace.models.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace inspect}: says what is in a snapshot. */
@Command(
        name = "inspect",
        description = {
            "Says what is in a snapshot: its models, how often each was updated, and the layout of a row.",
            "",
            "DIRECTORY is a snapshot, or a directory of snapshots, of which the newest is taken."
        },
        footer = {"%nExamples:", "  millrace inspect models/", "  millrace inspect models/ --key card-42"})
final class InspectCommand implements Callable<Integer> {
    private static final String UPDATES = "updates";

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "DIRECTORY", description = "Path or file: URI.")
    private String directory;

    @Option(names = "--key", paramLabel = "KEY", description = "Print the row of one model, range by range.")
    private @Nullable String key;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many of the most updated models to list (default: ${DEFAULT-VALUE}).")
    private int top;

    private record Model(String key, long updates) {}

    @Override
    public Integer call() throws IOException {
        Path path = SnapshotDirectory.path(directory);
        Snapshot snapshot = Snapshot.open(Snapshot.newest(path).orElse(path));
        PrintWriter out = command.commandLine().getOut();
        if (key == null) {
            describe(snapshot, out);
        } else {
            print(snapshot, key, out);
        }
        out.flush();
        return ExitCode.FINE;
    }

    private void describe(Snapshot snapshot, PrintWriter out) throws IOException {
        Manifest manifest = snapshot.manifest();
        out.println("snapshot    " + snapshot.directory());
        out.println("job         " + manifest.job());
        out.println("created     " + Instant.ofEpochMilli(manifest.createdAt()) + ", at checkpoint "
                + manifest.checkpoint());
        out.println(String.format(
                Locale.ROOT,
                "models      %,d in %d files",
                manifest.models(),
                manifest.parts().size()));
        out.println(String.format(
                Locale.ROOT,
                "row         %,d floats (%,d bytes), layout %s",
                manifest.width(),
                manifest.width() * (long) Float.BYTES,
                manifest.fingerprint()));
        out.println("ranges      first float, shape, section, name");
        for (Manifest.Entry range : manifest.ranges()) {
            out.println(String.format(
                    Locale.ROOT, "%11d %-12s %-10s %s", range.at(), range.shape(), range.section(), range.name()));
        }
        PriorityQueue<Model> most = new PriorityQueue<>(Comparator.comparingLong(Model::updates));
        long[] updates = {0};
        int at = counter(manifest);
        snapshot.forEach((name, row) -> {
            Model model = new Model(name, (long) row[at] + ((long) row[at + 1] << 24));
            updates[0] += model.updates;
            most.add(model);
            if (most.size() > top) {
                most.remove();
            }
        });
        out.println(String.format(Locale.ROOT, "updates     %,d in all; the most updated models:", updates[0]));
        List<Model> sorted = most.stream()
                .sorted(Comparator.comparingLong(Model::updates).reversed())
                .toList();
        for (Model model : sorted) {
            out.println(String.format(Locale.ROOT, "%,11d %s", model.updates, model.key));
        }
    }

    private static int counter(Manifest manifest) {
        return manifest.ranges().stream()
                .filter(range -> range.name().equals(UPDATES))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the snapshot's rows do not count updates"))
                .at();
    }

    private static void print(Snapshot snapshot, String wanted, PrintWriter out) throws IOException {
        boolean[] found = {false};
        snapshot.forEach((name, row) -> {
            if (name.equals(wanted)) {
                found[0] = true;
                for (Manifest.Entry range : snapshot.manifest().ranges()) {
                    int length = range.shape().stream().reduce(1, Math::multiplyExact);
                    out.print(range.section() + " " + range.name() + " " + range.shape() + ":");
                    for (int i = range.at(); i < range.at() + length; i++) {
                        out.print(" " + row[i]);
                    }
                    out.println();
                }
            }
        });
        if (!found[0]) {
            throw new IllegalArgumentException("the snapshot holds no model of key \"" + wanted + "\"");
        }
    }
}
