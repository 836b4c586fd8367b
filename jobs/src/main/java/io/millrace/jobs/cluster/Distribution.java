package io.millrace.jobs.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code ./mvnw package} assembles: the job jar, Flink's and DJL's libraries, and Flink's settings.
 *
 * @param root directory that holds them
 */
public record Distribution(Path root) {
    private static final String HOME = "millrace.home"; // set by the launcher

    /**
     * The distribution whose launcher runs, or the one in a source tree's build folder.
     *
     * @throws IOException if there is none yet
     */
    public static Distribution here() throws IOException {
        Path home = Path.of(System.getProperty(HOME, ".")).toAbsolutePath().normalize();
        if (Files.isDirectory(home.resolve("lib"))) {
            return new Distribution(home);
        }
        Path build = home.resolve("jobs").resolve("target");
        if (Files.isDirectory(build)) {
            try (Stream<Path> folders = Files.list(build)) {
                return new Distribution(folders.filter(folder ->
                                Files.isDirectory(folder.resolve("lib").resolve("flink")))
                        .findFirst()
                        .orElseThrow(() -> missing(home)));
            }
        }
        throw missing(home);
    }

    private static IOException missing(Path home) {
        return new IOException("there is no distribution in " + home + ": build it with ./mvnw package");
    }

    /** What is submitted to a cluster. */
    public Path jobJar() {
        return root.resolve("millrace-job.jar");
    }

    /** Flink's settings, with {@code config.yaml} and {@code log4j.properties}. */
    public Path settings() {
        return root.resolve("conf");
    }

    /** Class path of Flink's processes. */
    public String flinkClassPath() {
        return classPath("flink", "djl");
    }

    /** Class path of Millrace's own programs, the broker among them. */
    public String classPath() {
        return classPath("cli", "flink", "djl");
    }

    private String classPath(String... folders) {
        return Stream.of(folders)
                .map(folder -> root.resolve("lib").resolve(folder).resolve("*").toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
