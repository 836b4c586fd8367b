package io.millrace.state;

import io.millrace.models.program.Layout;
import io.millrace.models.program.Transfer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.java.typeutils.runtime.DataInputViewStream;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the rows of one layout: their floats, big-endian. A savepoint also holds the layout's description, so rows
 * of another layout are refused by name, or carried over if that is wished, but never misread.
 */
public final class RowSerializer extends TypeSerializer<float[]> {
    private final String layout;
    private final int width;
    private final transient @Nullable Evolution evolution; // null in a serializer that only reads what was saved
    private final transient Reading reading;
    private final transient SpareRows spares; // shared by the duplicates
    private transient byte @Nullable [] bytes; // one per instance: Flink duplicates serializers for threads

    /** Rows of any other layout are refused. */
    public RowSerializer(Layout layout) {
        this(layout, LayoutChange.REFUSE);
    }

    /**
     * @param change what is done with saved rows of another layout; unless they are refused, {@link #transfer} then tells of
     *     them
     */
    public RowSerializer(Layout layout, LayoutChange change) {
        this(layout.describe(), layout.width(), new Evolution(layout, change), new Reading(), new SpareRows());
    }

    private RowSerializer(String layout, int width, @Nullable Evolution evolution, Reading reading, SpareRows spares) {
        this.layout = layout;
        this.width = width;
        this.evolution = evolution;
        this.reading = reading;
        this.spares = spares;
    }

    /** What becomes of saved rows; shared by the duplicates of a serializer. */
    private static final class Evolution {
        final Layout layout;
        final LayoutChange change;

        @Nullable
        Transfer transfer; // from the layout that was found, if it is another

        Evolution(Layout layout, LayoutChange change) {
            this.layout = layout;
            this.change = change;
        }
    }

    /** How saved bytes are read; shared by the duplicates of a serializer. */
    private static final class Reading {
        @Nullable
        Transfer transfer; // null: as they are
    }

    /**
     * How rows were saved that have another layout; null if they have this one, or there were none. A back end that stores
     * bytes has carried them over by then; one that keeps objects still holds them as they were.
     */
    public @Nullable Transfer transfer() {
        return evolution == null ? null : evolution.transfer;
    }

    /** Where copies come from, to be told of the checkpoints that read rows in place. */
    public SpareRows spares() {
        return spares;
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
        float[] row = read(new float[width], source);
        return reading.transfer == null ? row : reading.transfer.apply(row);
    }

    @Override
    public float[] deserialize(float[] reuse, DataInputView source) throws IOException {
        return reading.transfer == null ? read(reuse, source) : deserialize(source);
    }

    private float[] read(float[] reuse, DataInputView source) throws IOException {
        byte[] buffer = bytes();
        source.readFully(buffer);
        ByteBuffer.wrap(buffer).asFloatBuffer().get(reuse);
        return reuse;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.write(source, width * Float.BYTES);
    }

    /** Copies a row that nobody but checkpoints uses any more, see {@link SpareRows}: as the heap does, the only caller. */
    @Override
    public float[] copy(float[] from) {
        return spares.copy(from);
    }

    @Override
    public float[] copy(float[] from, float[] reuse) {
        return copy(from);
    }

    @Override
    public float[] createInstance() {
        return new float[width];
    }

    @Override
    public TypeSerializer<float[]> duplicate() {
        return new RowSerializer(layout, width, evolution, reading, spares);
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
        return new Snapshot(layout, width, evolution);
    }

    /** What a savepoint says of the rows in it. Read by Flink, which needs the constructor without arguments. */
    public static final class Snapshot implements TypeSerializerSnapshot<float[]> {
        private static final int LONGEST_LAYOUT = 1 << 26;

        private String layout = "";
        private int width;
        private final @Nullable Evolution evolution; // of the job; null in what was saved
        private final Reading reading = new Reading();

        public Snapshot() {
            evolution = null;
        }

        private Snapshot(String layout, int width, @Nullable Evolution evolution) {
            this.layout = layout;
            this.width = width;
            this.evolution = evolution;
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
            byte[] text = new DataInputViewStream(in).readNBytes(length); // as it comes: a length alone takes no room
            if (text.length < length) {
                throw new EOFException("layout of " + length + " bytes ends after " + text.length);
            }
            layout = new String(text, StandardCharsets.UTF_8);
            if (!layout.endsWith("width " + width + "\n") || width < 1 || width > Layout.WIDEST) {
                throw new IOException("width=" + width + " is not that of the layout of the saved rows");
            }
        }

        @Override
        public TypeSerializer<float[]> restoreSerializer() {
            return new RowSerializer(layout, width, null, reading, new SpareRows());
        }

        @Override
        public TypeSerializerSchemaCompatibility<float[]> resolveSchemaCompatibility(
                TypeSerializerSnapshot<float[]> old) {
            if (!(old instanceof Snapshot saved)) {
                return TypeSerializerSchemaCompatibility.incompatible();
            }
            if (layout.equals(saved.layout)) {
                return TypeSerializerSchemaCompatibility.compatibleAsIs();
            }
            if (evolution == null || evolution.change == LayoutChange.REFUSE) {
                throw new IllegalArgumentException(
                        "the saved models have another layout than the job's: "
                                + Layout.difference(saved.layout, layout)
                                + ". Start without the savepoint, with the old model, or with on-layout-change: transfer or restart");
            }
            evolution.transfer = Transfer.of(saved.layout, evolution.layout);
            saved.reading.transfer = evolution.transfer;
            return TypeSerializerSchemaCompatibility.compatibleAfterMigration();
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
