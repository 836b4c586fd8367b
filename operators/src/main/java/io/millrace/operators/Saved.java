package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.models.snapshot.SnapshotRows;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Snapshots that rows may be taken from; they lie in a file system of the machine. */
final class Saved {
    private static final Predicate<String> IS_URI =
            Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:").asPredicate();

    private Saved() {}

    /**
     * The path of a directory given as path or file: URI.
     *
     * @throws IllegalArgumentException if it is another URI, or none that is valid
     */
    static Path path(String directory) {
        if (!IS_URI.test(directory)) {
            return Path.of(directory);
        }
        try {
            return Path.of(URI.create(directory));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IllegalArgumentException(directory + " must be a path or a file: URI", e);
        }
    }

    /**
     * Opens a snapshot.
     *
     * @param directory path or file: URI
     * @throws IllegalArgumentException if there is no complete snapshot
     */
    private static Snapshot snapshot(String directory) {
        try {
            return Snapshot.open(path(directory));
        } catch (IOException e) {
            throw new IllegalArgumentException(directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a snapshot of a program's rows.
     *
     * @param program null if it is not known yet
     * @throws IllegalArgumentException if there is none, or one of another layout, naming the first difference
     */
    static Snapshot snapshot(@Nullable Program program, String directory) {
        Snapshot snapshot = snapshot(directory);
        String difference = program == null ? "" : snapshot.manifest().difference(program.layout());
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(
                    "the models of " + directory + " have another layout than the job's: " + difference);
        }
        return snapshot;
    }

    /** The rows of a program in a snapshot, under the same conditions. */
    static SnapshotRows rows(Program program, String directory) throws IOException {
        return SnapshotRows.of(snapshot(program, directory));
    }

    /**
     * The row of one key in a snapshot.
     *
     * @throws IllegalArgumentException if there is none
     */
    static float[] row(Program program, String directory, String key) throws IOException {
        try (SnapshotRows rows = rows(program, directory)) {
            float[] row = rows.row(key);
            if (row == null) {
                throw new IllegalArgumentException(
                        "the snapshot " + directory + " has no model of the key \"" + key + "\"");
            }
            return row;
        }
    }
}
