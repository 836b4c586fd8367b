package io.millrace.models.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/**
 * A complete snapshot on disk, read without trust: every length is checked against the file before anything is
 * allocated.
 *
 * @param directory where it lies
 * @param manifest what it holds
 */
public record Snapshot(Path directory, Manifest manifest) {
    private static final long LARGEST_MANIFEST = 8 << 20;
    private static final long LARGEST_HEADER = 1 << 16;
    private static final long LONGEST_KEY = 1 << 16;

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

    /**
     * Reads every row.
     *
     * @param reader receives each key and its row, a fresh array
     * @throws IllegalArgumentException if a part is damaged, naming the file and the fault
     */
    public void forEach(BiConsumer<String, float[]> reader) throws IOException {
        for (Manifest.Part part : manifest.parts()) {
            try (FileChannel channel = FileChannel.open(file(part))) {
                read(channel, part, reader);
            } catch (JsonProcessingException | CharConversionException e) {
                throw new IllegalArgumentException("part " + part.file() + " is damaged: its header is not JSON", e);
            } catch (EOFException e) {
                throw new IllegalArgumentException("part " + part.file() + " is shorter than it says", e);
            }
        }
    }

    /** A plain file beside the manifest: neither a path nor a link leads out of the snapshot, or to a device. */
    private Path file(Manifest.Part part) {
        Path file = directory.resolve(part.file()).normalize();
        if (!directory.normalize().equals(file.getParent())) {
            throw new IllegalArgumentException("part " + part.file() + " lies outside the snapshot");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("part " + part.file() + " is missing");
        }
        return file;
    }

    private void read(FileChannel file, Manifest.Part part, BiConsumer<String, float[]> reader) throws IOException {
        long headerBytes = read(file, 0, Long.BYTES).getLong();
        require(headerBytes > 0 && headerBytes <= Math.min(LARGEST_HEADER, file.size()), part, "header is too long");
        JsonNode header = new ObjectMapper()
                .readTree(read(file, Long.BYTES, (int) headerBytes).array());
        long data = Long.BYTES + headerBytes;
        long rows = part.models();
        long rowBytes = manifest.width() * (long) Float.BYTES;
        require(rows >= 0 && rows <= file.size() / rowBytes, part, "file is too short for its rows");
        long room = file.size() - data;
        long endsAt = data + tensor(header, "key_ends", rows * Long.BYTES, room, part);
        long rowsAt = data + tensor(header, "rows", rows * rowBytes, room, part);
        long keysAt = data + tensor(header, "keys", -1, room, part);
        long from = 0;
        for (long row = 0; row < rows; row++) {
            long end = read(file, endsAt + row * Long.BYTES, Long.BYTES).getLong();
            require(end >= from && end - from <= LONGEST_KEY && keysAt + end <= file.size(), part, "key is too long");
            ByteBuffer key = read(file, keysAt + from, (int) (end - from));
            float[] values = new float[manifest.width()];
            read(file, rowsAt + row * rowBytes, (int) rowBytes).asFloatBuffer().get(values);
            reader.accept(StandardCharsets.UTF_8.decode(key).toString(), values);
            from = end;
        }
    }

    /** Where a tensor starts behind the header; its length must be the given one, unless that is negative. */
    private static long tensor(JsonNode header, String name, long bytes, long room, Manifest.Part part) {
        JsonNode offsets = header.path(name).path("data_offsets");
        long from = offsets.path(0).asLong(-1);
        long to = offsets.path(1).asLong(-1);
        require(from >= 0 && to >= from && (bytes < 0 || to - from == bytes), part, "tensor " + name + " is missing");
        require(to <= room, part, "tensor " + name + " ends beyond the file");
        return from;
    }

    private static void require(boolean holds, Manifest.Part part, String fault) {
        if (!holds) {
            throw new IllegalArgumentException("part " + part.file() + " is damaged: " + fault);
        }
    }

    private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }
}
