package io.millrace.operators;

import io.millrace.models.Program;
import io.millrace.models.snapshot.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;

/** Snapshots that rows may be taken from; they lie in a file system of the machine. */
public final class Saved {
    private Saved() {}

    /** The path of a directory given as path or file: URI. */
    static Path path(String directory) {
        try {
            URI uri = URI.create(directory.replace(' ', '+'));
            return uri.getScheme() == null ? Path.of(directory) : Path.of(URI.create(directory));
        } catch (FileSystemNotFoundException e) {
            throw new IllegalArgumentException(directory + " must be a path or a file: URI", e);
        }
    }

    /**
     * Opens a snapshot.
     *
     * @param directory path or file: URI
     * @throws IllegalArgumentException if there is no complete snapshot
     */
    public static Snapshot snapshot(String directory) {
        try {
            return Snapshot.open(path(directory));
        } catch (IOException e) {
            throw new IllegalArgumentException(directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a snapshot of a program's rows.
     *
     * @param place where its directory was given, for messages
     * @throws IllegalArgumentException if there is none, or one of another layout, naming the first difference
     */
    static Snapshot snapshot(Program program, String directory, String place) {
        Snapshot snapshot;
        try {
            snapshot = snapshot(directory);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
        String difference = snapshot.manifest().difference(program.layout());
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(
                    place + ": the models of " + directory + " have another layout than the job's: " + difference);
        }
        return snapshot;
    }
}
