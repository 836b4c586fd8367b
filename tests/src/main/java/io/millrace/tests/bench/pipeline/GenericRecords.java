package io.millrace.tests.bench.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Avro records of the {@link Events}' schema over the network, as the Avro library writes them. */
final class GenericRecords extends TypeSerializerSingleton<GenericRecord> {
    private transient @Nullable Codec codec; // reused, but Flink shares serializers between threads only by duplicate()

    private static final class Codec {
        final GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(Events.SCHEMA);
        final GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(Events.SCHEMA);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        byte[] buffer = new byte[512];

        @Nullable
        BinaryDecoder decoder;
    }

    private Codec codec() {
        if (codec == null) {
            codec = new Codec();
        }
        return codec;
    }

    /** Bytes of one record. */
    byte[] bytes(GenericRecord record) throws IOException {
        Codec mine = codec();
        mine.bytes.reset();
        mine.writer.write(record, mine.encoder);
        return mine.bytes.toByteArray();
    }

    /** The record that so many bytes hold. */
    GenericRecord record(byte[] bytes, int length) throws IOException {
        Codec mine = codec();
        mine.decoder = DecoderFactory.get().binaryDecoder(bytes, 0, length, mine.decoder);
        return Objects.requireNonNull(mine.reader.read(null, mine.decoder));
    }

    @Override
    public void serialize(GenericRecord record, DataOutputView target) throws IOException {
        byte[] bytes = bytes(record);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public GenericRecord deserialize(DataInputView source) throws IOException {
        Codec mine = codec();
        int length = source.readInt();
        if (length > mine.buffer.length) {
            mine.buffer = new byte[length];
        }
        source.readFully(mine.buffer, 0, length);
        return record(mine.buffer, length);
    }

    @Override
    public GenericRecord deserialize(GenericRecord reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public GenericRecords duplicate() {
        return new GenericRecords();
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        int length = source.readInt();
        target.writeInt(length);
        target.write(source, length);
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public GenericRecord createInstance() {
        return new GenericData.Record(Events.SCHEMA);
    }

    @Override
    public GenericRecord copy(GenericRecord from) {
        return GenericData.get().deepCopy(schema(), from);
    }

    @Override
    public GenericRecord copy(GenericRecord from, GenericRecord reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    private static Schema schema() {
        return Events.SCHEMA;
    }

    @Override
    public TypeSerializerSnapshot<GenericRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the one schema there is. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<GenericRecord> {
        public Snapshot() {
            super(GenericRecords::new);
        }
    }
}
