package io.millrace.jobs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a local job left behind to continue from.
 *
 * @param directory of the job's state
 */
public record Savepoints(Path directory) {

    /** Where a job of that name keeps its state if it runs in this directory. */
    public static Savepoints of(String job) {
        return new Savepoints(
                Path.of(".millrace", job.replaceAll("[^A-Za-z0-9._-]", "_")).toAbsolutePath());
    }

    /** Where savepoints are written. */
    public String target() {
        return directory.resolve("savepoints").toUri().toString();
    }

    /** The youngest complete savepoint or checkpoint, as a URI. */
    public Optional<String> latest() throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(directory, 4)) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .map(file -> file.resolveSibling("").toUri().toString());
        }
    }
}
