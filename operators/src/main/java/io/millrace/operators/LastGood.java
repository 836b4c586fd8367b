package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.models.snapshot.Manifest;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.models.snapshot.SnapshotRows;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of a job's own snapshots, the latest first. The index of the latest is kept while it is the latest. */
final class LastGood implements Closeable {
    private static final int MOST_SNAPSHOTS = 10;

    private final Program program;
    private final Path directory;
    private @Nullable Path latest;
    private @Nullable SnapshotRows rows; // of the latest

    LastGood(Program program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /** A key's row in the latest snapshot in which its last step had not been refused; null if there is none. */
    float @Nullable [] row(String key) throws IOException {
        for (Path snapshot : snapshots()) {
            float[] row = row(snapshot, key);
            if (row != null && program.refusals(row) == 0) {
                return row;
            }
        }
        return null;
    }

    private float @Nullable [] row(Path snapshot, String key) throws IOException {
        if (latest == null || latest.compareTo(snapshot) < 0) {
            close();
            rows = SnapshotRows.of(Snapshot.open(snapshot));
            latest = snapshot;
        }
        if (snapshot.equals(latest) && rows != null) {
            return rows.row(key);
        }
        try (SnapshotRows earlier = SnapshotRows.of(Snapshot.open(snapshot))) {
            return earlier.row(key);
        }
    }

    /** Complete snapshots of the program's layout, the latest first. */
    private List<Path> snapshots() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> !String.valueOf(each.getFileName()).startsWith("."))
                    .sorted(Comparator.reverseOrder())
                    .filter(this::fits) // reads a file of each, so only of as many as are wanted
                    .limit(MOST_SNAPSHOTS)
                    .toList();
        }
    }

    private boolean fits(Path snapshot) {
        try {
            return Files.exists(snapshot.resolve(Manifest.FILE))
                    && Snapshot.open(snapshot)
                            .manifest()
                            .difference(program.layout())
                            .isEmpty();
        } catch (IOException | IllegalArgumentException e) {
            return false; // someone else's file; the next one may do
        }
    }

    @Override
    public void close() throws IOException {
        if (rows != null) {
            rows.close();
            rows = null;
            latest = null;
        }
    }
}
