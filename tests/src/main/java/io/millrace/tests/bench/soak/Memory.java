package io.millrace.tests.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param heapBytes alive, after a full collection
 * @param residentBytes of physical memory; 0 where the system does not tell
 */
record Memory(long heapBytes, long residentBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");

    static Memory now() throws IOException {
        System.gc();
        Runtime heap = Runtime.getRuntime();
        return new Memory(heap.totalMemory() - heap.freeMemory(), resident());
    }

    private static long resident() throws IOException {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Bytes of the files of the newest complete checkpoint, and of those that it shares with earlier ones. */
    static long newestCheckpoint(Path directory) throws IOException {
        List<Path> complete;
        try (Stream<Path> files = Files.walk(directory)) {
            complete = files.filter(file -> file.endsWith("_metadata")).toList();
        }
        Path newest = complete.stream()
                .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                .orElse(null);
        if (newest == null) {
            return 0;
        }
        Path checkpoint = newest.resolveSibling("");
        return bytes(checkpoint) + bytes(checkpoint.resolveSibling("shared"));
    }

    private static long bytes(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum(); // a file that is just deleted has none
        }
    }
}
