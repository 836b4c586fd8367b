package io.millrace.jobs.run;

import java.io.IOException;
import java.net.URI;
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
    private static final String METADATA = "_metadata"; // what Flink writes last

    /** Where a job of that name keeps its state if it runs in this directory. */
    public static Savepoints of(String job) {
        return new Savepoints(
                Path.of(".millrace", job.replaceAll("[^A-Za-z0-9._-]", "_")).toAbsolutePath());
    }

    /** Where savepoints are written. */
    public String target() {
        return directory.resolve("savepoints").toUri().toString();
    }

    /**
     * A savepoint or checkpoint that someone names, as a URI.
     *
     * @param place path or URI of its directory
     * @return empty if it is on this machine and holds none
     */
    public static Optional<String> at(String place) {
        String uri = JobGraph.uri(place);
        boolean here = uri.startsWith("file:");
        return here && !Files.exists(Path.of(URI.create(uri)).resolve(METADATA)) ? Optional.empty() : Optional.of(uri);
    }

    /** The youngest complete savepoint or checkpoint, as a URI. */
    public Optional<String> latest() throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(directory, 4)) {
            return files.filter(file -> file.endsWith(METADATA))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .map(file -> file.resolveSibling("").toUri().toString());
        }
    }
}
