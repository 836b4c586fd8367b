package io.millrace.models.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes rows as a safetensors file: {@code rows} F32 [n, width], {@code keys} U8 [bytes], the keys' UTF-8 one after
 * the other, and {@code key_ends} I64 [n], where each key ends in it.
 *
 * @see "https://github.com/huggingface/safetensors, section Format"
 */
public final class RowsWriter {
    private final OutputStream target;
    private final ByteBuffer bytes;
    private final List<String> keys;
    private int written;

    /**
     * Writes everything that stands before the rows.
     *
     * @param target buffered; not closed by this class
     * @param keys in the order in which the rows will come
     */
    public RowsWriter(OutputStream target, List<String> keys, int width) throws IOException {
        this.target = target;
        this.keys = keys;
        bytes = ByteBuffer.allocate(Math.max(8, width * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        long[] ends = new long[keys.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += keys.get(i).getBytes(StandardCharsets.UTF_8).length;
            ends[i] = end;
        }
        header(ends.length, width, end);
        for (long each : ends) {
            target.write(bytes.clear().putLong(each).array(), 0, Long.BYTES);
        }
    }

    private void header(long rows, int width, long keyBytes) throws IOException {
        long rowsAt = rows * Long.BYTES;
        long keysAt = rowsAt + rows * width * Float.BYTES;
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("key_ends", tensor("I64", List.of(rows), 0, rowsAt));
        header.put("rows", tensor("F32", List.of(rows, (long) width), rowsAt, keysAt));
        header.put("keys", tensor("U8", List.of(keyBytes), keysAt, keysAt + keyBytes));
        byte[] json = new ObjectMapper().writeValueAsBytes(header);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        target.write(bytes.clear().putLong(padded.length).array(), 0, Long.BYTES);
        target.write(padded);
    }

    private static Map<String, Object> tensor(String type, List<Long> shape, long from, long to) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("dtype", type);
        tensor.put("shape", shape);
        tensor.put("data_offsets", List.of(from, to));
        return tensor;
    }

    /** Appends the next key's row. */
    public void write(float[] row) throws IOException {
        bytes.clear().asFloatBuffer().put(row);
        target.write(bytes.array(), 0, row.length * Float.BYTES);
        written++;
    }

    /**
     * Writes the keys and ends the file.
     *
     * @throws IllegalStateException unless there was exactly one row for every key
     */
    public void finish() throws IOException {
        if (written != keys.size()) {
            throw new IllegalStateException(written + " rows were written for " + keys.size() + " keys");
        }
        for (String key : keys) {
            target.write(key.getBytes(StandardCharsets.UTF_8));
        }
        target.flush();
    }
}
