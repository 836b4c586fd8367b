package io.millrace.models.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;

/** One file of rows, open for reading in any order, without trust in its lengths. */
final class PartReader implements Closeable {
    private static final long LARGEST_HEADER = 1 << 16;
    private static final long LONGEST_KEY = 1 << 16;
    private static final int BLOCK = 1 << 10;

    private final Manifest.Part part;
    private final int width;
    private final FileChannel file;
    private long endsAt;
    private long rowsAt;
    private long keysAt;

    private PartReader(Manifest.Part part, int width, FileChannel file) {
        this.part = part;
        this.width = width;
        this.file = file;
    }

    /**
     * Opens a part of a snapshot.
     *
     * @throws IllegalArgumentException if it is damaged or lies elsewhere, naming it and the fault
     */
    static PartReader open(Snapshot snapshot, Manifest.Part part) throws IOException {
        Path file = file(snapshot.directory().normalize(), part);
        PartReader reader = new PartReader(part, snapshot.manifest().width(), FileChannel.open(file));
        try {
            reader.readHeader();
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    /** A plain file beside the manifest: neither a path nor a link leads out of the snapshot, or to a device. */
    private static Path file(Path directory, Manifest.Part part) {
        Path file = directory.resolve(part.file()).normalize();
        if (!directory.equals(file.getParent())) {
            throw new IllegalArgumentException("part " + part.file() + " lies outside the snapshot");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("part " + part.file() + " is missing");
        }
        return file;
    }

    private void readHeader() throws IOException {
        long headerBytes = read(0, Long.BYTES).getLong();
        require(headerBytes > 0 && headerBytes <= Math.min(LARGEST_HEADER, file.size()), "header is too long");
        JsonNode header;
        try {
            header = new ObjectMapper()
                    .readTree(read(Long.BYTES, (int) headerBytes).array());
        } catch (JsonProcessingException | CharConversionException e) {
            throw new IllegalArgumentException("part " + part.file() + " is damaged: its header is not JSON", e);
        }
        long data = Long.BYTES + headerBytes;
        require(rows() >= 0 && rows() <= file.size() / rowBytes(), "file is too short for its rows");
        long room = file.size() - data;
        endsAt = data + tensor(header, "key_ends", rows() * Long.BYTES, room);
        rowsAt = data + tensor(header, "rows", rows() * rowBytes(), room);
        keysAt = data + tensor(header, "keys", -1, room);
    }

    /** Where a tensor starts behind the header; its length must be the given one, unless that is negative. */
    private long tensor(JsonNode header, String name, long bytes, long room) {
        JsonNode offsets = header.path(name).path("data_offsets");
        long from = offsets.path(0).asLong(-1);
        long to = offsets.path(1).asLong(-1);
        require(from >= 0 && to >= from && (bytes < 0 || to - from == bytes), "tensor " + name + " is missing");
        require(to <= room, "tensor " + name + " ends beyond the file");
        return from;
    }

    /** Number of rows. */
    long rows() {
        return part.models();
    }

    private long rowBytes() {
        return width * (long) Float.BYTES;
    }

    /** The key of a row. */
    String key(long row) throws IOException {
        boolean first = row == 0;
        ByteBuffer ends = read(endsAt + (first ? 0 : row - 1) * Long.BYTES, first ? Long.BYTES : 2 * Long.BYTES);
        long from = first ? 0 : ends.getLong();
        long end = ends.getLong();
        requireKeys(from, end, 1);
        return text(read(keysAt + from, (int) (end - from)));
    }

    /**
     * Reads all keys in the order of the rows, in blocks: one by one, a million took 13 s.
     *
     * @param reader receives each key
     */
    void keys(Consumer<String> reader) throws IOException {
        long from = 0;
        for (long row = 0; row < rows(); row += BLOCK) {
            int count = (int) Math.min(BLOCK, rows() - row);
            ByteBuffer ends = read(endsAt + row * Long.BYTES, count * Long.BYTES);
            long blockEnd = ends.getLong((count - 1) * Long.BYTES);
            requireKeys(from, blockEnd, count);
            ByteBuffer keys = read(keysAt + from, (int) (blockEnd - from));
            for (int i = 0; i < count; i++) {
                long end = ends.getLong();
                requireKeys(from, end, 1);
                require(end <= blockEnd, "keys are out of order");
                int length = (int) (end - from);
                reader.accept(text(keys.slice(keys.position(), length)));
                keys.position(keys.position() + length);
                from = end;
            }
        }
    }

    private void requireKeys(long from, long end, int count) throws IOException {
        require(
                from >= 0 && end >= from && end - from <= count * LONGEST_KEY && end <= file.size() - keysAt,
                "key is too long");
    }

    private static String text(ByteBuffer utf8) {
        return StandardCharsets.UTF_8.decode(utf8).toString();
    }

    /** A row, as a fresh array. */
    float[] row(long row) throws IOException {
        float[] values = new float[width];
        read(rowsAt + row * rowBytes(), (int) rowBytes()).asFloatBuffer().get(values);
        return values;
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            throw new IllegalArgumentException("part " + part.file() + " is damaged: " + fault);
        }
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new IllegalArgumentException(
                        "part " + part.file() + " is shorter than it says", new EOFException());
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
