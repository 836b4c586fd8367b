package io.millrace.jobs.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that a verb reads snapshots from. */
final class SnapshotDirectory {
    private SnapshotDirectory() {}

    /**
     * The path of a directory on this machine.
     *
     * @param directory path or file: URI
     * @throws IllegalArgumentException if there is none
     */
    static Path path(String directory) {
        Path path = directory.startsWith("file:") ? Path.of(URI.create(directory)) : Path.of(directory);
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException("there is no directory " + path);
        }
        return path;
    }
}
