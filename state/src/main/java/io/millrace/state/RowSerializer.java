package io.millrace.state;

import io.millrace.models.program.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the rows of one layout: their floats, big-endian. A savepoint also holds the layout's description, so rows
 * of another layout are refused by name, never misread.
 */
public final class RowSerializer extends TypeSerializer<float[]> {
    private final String layout;
    private final int width;
    private transient byte @Nullable [] bytes; // one per instance: Flink duplicates serializers for threads

    public RowSerializer(Layout layout) {
        this(layout.describe(), layout.width());
    }

    private RowSerializer(String layout, int width) {
        this.layout = layout;
        this.width = width;
    }

    private byte[] bytes() {
        if (bytes == null) {
            bytes = new byte[width * Float.BYTES];
        }
        return bytes;
    }

    @Override
    public void serialize(float[] row, DataOutputView target) throws IOException {
        if (row.length != width) {
            throw new IOException("row.length=" + row.length + " must equal width=" + width);
        }
        byte[] buffer = bytes();
        ByteBuffer.wrap(buffer).asFloatBuffer().put(row);
        target.write(buffer);
    }

    @Override
    public float[] deserialize(DataInputView source) throws IOException {
        return deserialize(new float[width], source);
    }

    @Override
    public float[] deserialize(float[] reuse, DataInputView source) throws IOException {
        byte[] buffer = bytes();
        source.readFully(buffer);
        ByteBuffer.wrap(buffer).asFloatBuffer().get(reuse);
        return reuse;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.write(source, width * Float.BYTES);
    }

    @Override
    public float[] copy(float[] from) {
        return from.clone();
    }

    @Override
    public float[] copy(float[] from, float[] reuse) {
        return from.clone();
    }

    @Override
    public float[] createInstance() {
        return new float[width];
    }

    @Override
    public TypeSerializer<float[]> duplicate() {
        return new RowSerializer(layout, width);
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public int getLength() {
        return width * Float.BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowSerializer serializer && layout.equals(serializer.layout);
    }

    @Override
    public int hashCode() {
        return layout.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<float[]> snapshotConfiguration() {
        return new Snapshot(layout, width);
    }

    /** What a savepoint says of the rows in it. Read by Flink, which needs the constructor without arguments. */
    public static final class Snapshot implements TypeSerializerSnapshot<float[]> {
        private static final int LONGEST_LAYOUT = 1 << 20;
        private static final int WIDEST = Integer.MAX_VALUE / Float.BYTES; // what one array of bytes can hold

        private String layout = "";
        private int width;

        public Snapshot() {}

        Snapshot(String layout, int width) {
            this.layout = layout;
            this.width = width;
        }

        @Override
        public int getCurrentVersion() {
            return 1;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            byte[] text = layout.getBytes(StandardCharsets.UTF_8);
            out.writeInt(width);
            out.writeInt(text.length);
            out.write(text);
        }

        @Override
        public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
            if (version != 1) {
                throw new IOException("rows of format " + version + " are unknown; this version reads format 1");
            }
            width = in.readInt();
            int length = in.readInt();
            if (length < 0 || length > LONGEST_LAYOUT) {
                throw new IOException("layout of " + length + " bytes is too long");
            }
            byte[] text = new byte[length];
            in.readFully(text);
            layout = new String(text, StandardCharsets.UTF_8);
            if (!layout.endsWith("width " + width + "\n") || width < 1 || width > WIDEST) {
                throw new IOException("width=" + width + " is not that of the layout of the saved rows");
            }
        }

        @Override
        public TypeSerializer<float[]> restoreSerializer() {
            return new RowSerializer(layout, width);
        }

        @Override
        public TypeSerializerSchemaCompatibility<float[]> resolveSchemaCompatibility(
                TypeSerializerSnapshot<float[]> old) {
            if (!(old instanceof Snapshot saved)) {
                return TypeSerializerSchemaCompatibility.incompatible();
            }
            if (!layout.equals(saved.layout)) {
                throw new IllegalArgumentException("the saved models have another layout than the job's: "
                        + Layout.difference(saved.layout, layout)
                        + ". Start without the savepoint, or with the old model");
            }
            return TypeSerializerSchemaCompatibility.compatibleAsIs();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Snapshot snapshot && layout.equals(snapshot.layout);
        }

        @Override
        public int hashCode() {
            return Objects.hash(layout);
        }
    }
}
