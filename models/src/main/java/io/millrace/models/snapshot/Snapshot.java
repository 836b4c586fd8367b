package io.millrace.models.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A complete snapshot on disk, read without trust: every length is checked against the file before anything is
 * allocated.
 *
 * @param directory where it lies
 * @param manifest what it holds
 */
public record Snapshot(Path directory, Manifest manifest) {
    private static final long LARGEST_MANIFEST = 8 << 20;

    /**
     * Opens a snapshot.
     *
     * @throws IllegalArgumentException if the directory is no complete snapshot, saying why
     */
    public static Snapshot open(Path directory) throws IOException {
        Path manifest = directory.resolve(Manifest.FILE);
        if (!Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(directory + " is no snapshot: it has no " + Manifest.FILE);
        }
        if (Files.size(manifest) > LARGEST_MANIFEST) {
            throw new IllegalArgumentException(
                    Manifest.FILE + " is larger than " + LARGEST_MANIFEST + " bytes: " + directory);
        }
        return new Snapshot(directory, Manifest.parse(Files.readAllBytes(manifest)));
    }

    /** The newest complete snapshot in a directory, by the time in its name; empty if there is none. */
    public static Optional<Path> newest(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .filter(file -> Files.exists(file.resolve(Manifest.FILE)))
                    .max(Comparator.comparing(Path::getFileName));
        }
    }

    /** Its directory's name, which begins with the time. */
    public String name() {
        return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    }

    /**
     * Reads every row.
     *
     * @param reader receives each key and its row, a fresh array
     * @throws IllegalArgumentException if a part is damaged, naming the file and the fault
     */
    public void forEach(BiConsumer<String, float[]> reader) throws IOException {
        for (Manifest.Part each : manifest.parts()) {
            try (PartReader part = PartReader.open(this, each)) {
                for (long row = 0; row < part.rows(); row++) {
                    reader.accept(part.key(row), part.row(row));
                }
            }
        }
    }
}
