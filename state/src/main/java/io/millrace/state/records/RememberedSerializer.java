package io.millrace.state.records;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Compact bytes of {@link Remembered}: the sample's own, and what was said of it. */
public final class RememberedSerializer extends ValueSerializer<Remembered> {
    public static final RememberedSerializer INSTANCE = new RememberedSerializer();

    @Override
    public Remembered createInstance() {
        return Remembered.of(SampleSerializer.INSTANCE.createInstance());
    }

    @Override
    public void serialize(Remembered remembered, DataOutputView target) throws IOException {
        target.writeLong(remembered.number());
        SampleSerializer.INSTANCE.serialize(remembered.sample(), target);
        SampleSerializer.write(remembered.scores(), target);
        target.writeFloat(remembered.previousLabel());
        target.writeFloat(remembered.typicalLabel());
    }

    @Override
    public Remembered deserialize(DataInputView source) throws IOException {
        return new Remembered(
                source.readLong(),
                SampleSerializer.INSTANCE.deserialize(source),
                SampleSerializer.readFloats(source),
                source.readFloat(),
                source.readFloat());
    }

    @Override
    public TypeSerializerSnapshot<Remembered> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the one format there is. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Remembered> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
