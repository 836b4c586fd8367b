package io.millrace.state;

import io.millrace.models.program.Layout;
import io.millrace.models.snapshot.Manifest;
import io.millrace.models.snapshot.RowsWriter;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Writes snapshots to a directory of any of Flink's file systems; one instance per subtask.
 *
 * <p>With a checkpoint every subtask writes its part into {@code .snapshot-TIME-CHECKPOINT}. When the checkpoint is complete,
 * so are the parts; one subtask adds the manifest and drops the dot from the name, and only then is it a
 * snapshot. A checkpoint that fails leaves a hidden directory behind, which the next snapshot removes.
 */
public final class SnapshotWriter {
    private static final String HIDDEN = ".snapshot-";
    private static final String SUFFIX = ".safetensors";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path directory;
    private final FileSystem files;
    private final String job;
    private final Layout layout;
    private final String spec;

    /** Where the rows of one subtask come from. */
    @FunctionalInterface
    public interface Rows {
        float[] row(String key) throws Exception;
    }

    /**
     * @param directory URI of the directory that will hold the snapshots
     * @param spec what the models are learnt with, as text, for the manifest
     */
    public SnapshotWriter(String directory, String job, Layout layout, String spec) throws IOException {
        this.directory = new Path(directory);
        this.files = this.directory.getFileSystem();
        this.job = job;
        this.layout = layout;
        this.spec = spec;
    }

    /**
     * Writes one subtask's part of the snapshot of a checkpoint.
     *
     * @param createdAt when the checkpoint was triggered, milliseconds since 1970 UTC; the same for all subtasks
     * @param keys of the subtask
     * @param rows gives the row of each key, in the keys' order
     * @throws InterruptedIOException if the thread is interrupted, since nobody waits for the part any more
     */
    public void writePart(long checkpoint, long createdAt, int subtask, List<String> keys, Rows rows) throws Exception {
        Path part = new Path(hidden(name(checkpoint, createdAt)), prefix(subtask) + keys.size() + SUFFIX);
        try (FSDataOutputStream file = files.create(part, FileSystem.WriteMode.OVERWRITE);
                OutputStream buffered = new BufferedOutputStream(file, 1 << 18)) {
            RowsWriter writer = new RowsWriter(buffered, keys, layout.width());
            for (String key : keys) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException(
                            "the snapshot of checkpoint " + checkpoint + " is not wanted any more");
                }
                writer.write(rows.row(key));
            }
            writer.finish();
        }
    }

    /** Takes one subtask's part of a snapshot back that nobody will complete. */
    public void withdrawPart(long checkpoint, long createdAt, int subtask) throws IOException {
        Path unfinished = hidden(name(checkpoint, createdAt));
        for (Manifest.Part part : parts(unfinished)) {
            if (part.file().startsWith(prefix(subtask))) {
                files.delete(new Path(unfinished, part.file()), false);
            }
        }
        if (parts(unfinished).isEmpty()) {
            files.delete(unfinished, true);
        }
    }

    /** True if some subtasks, but not all, have written their parts of a snapshot. */
    public boolean begun(int subtasks) throws IOException {
        for (Path snapshot : hidden()) {
            int parts = parts(snapshot).size();
            if (parts > 0 && parts < subtasks) { // 0: it has just been renamed
                return true;
            }
        }
        return false;
    }

    /**
     * Makes the snapshot of a completed checkpoint visible, and removes what is left of earlier ones.
     *
     * @param createdAt when the checkpoint was triggered, milliseconds since 1970 UTC
     * @param subtasks how many parts there must be
     * @return the snapshot's directory; empty if a part is missing, because a subtask did not take part
     */
    public Optional<Path> complete(long checkpoint, long createdAt, int subtasks) throws IOException {
        String name = name(checkpoint, createdAt);
        Path unfinished = hidden(name);
        List<Manifest.Part> parts = parts(unfinished);
        if (parts.size() != subtasks) {
            return Optional.empty();
        }
        Manifest manifest = Manifest.of(job, checkpoint, createdAt, layout, parts, spec);
        try (FSDataOutputStream file =
                files.create(new Path(unfinished, Manifest.FILE), FileSystem.WriteMode.OVERWRITE)) {
            file.write(manifest.toJson().getBytes(StandardCharsets.UTF_8));
        }
        Path visible = new Path(directory, name);
        if (!files.rename(unfinished, visible)) {
            throw new IOException("cannot rename " + unfinished + " to " + visible);
        }
        for (Path left : hidden()) {
            if (left.getName().compareTo(unfinished.getName()) < 0) {
                files.delete(left, true);
            }
        }
        return Optional.of(visible);
    }

    private List<Manifest.Part> parts(Path snapshot) throws IOException {
        List<Manifest.Part> parts = new ArrayList<>();
        for (FileStatus status : list(snapshot)) {
            String name = status.getPath().getName();
            if (name.endsWith(SUFFIX)) {
                String models = name.substring(name.lastIndexOf('-') + 1, name.lastIndexOf('.'));
                parts.add(new Manifest.Part(name, Long.parseLong(models)));
            }
        }
        parts.sort(Comparator.comparing(Manifest.Part::file));
        return parts;
    }

    private static String prefix(int subtask) {
        return String.format(Locale.ROOT, "rows-%05d-", subtask);
    }

    private static String name(long checkpoint, long createdAt) {
        return "snapshot-" + TIME.format(Instant.ofEpochMilli(createdAt)) + "-" + checkpoint;
    }

    private Path hidden(String name) {
        return new Path(directory, "." + name);
    }

    private List<Path> hidden() throws IOException {
        List<Path> hidden = new ArrayList<>();
        for (FileStatus status : list(directory)) {
            if (status.getPath().getName().startsWith(HIDDEN)) {
                hidden.add(status.getPath());
            }
        }
        return hidden;
    }

    /** What a directory holds: nothing if it is not there, or not any more, since another subtask has just renamed it. */
    private FileStatus[] list(Path path) throws IOException {
        try {
            FileStatus[] found = files.listStatus(path);
            return found == null ? new FileStatus[0] : found; // null: Flink's local files have it so
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
