package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RowSerializerTest {
    private static Layout layout(int units) {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "0.dense.weight", Initializer.normal(1), 3, units);
        return builder.build(List.of());
    }

    private final RowSerializer serializer = new RowSerializer(layout(5));

    @Test
    void returnsTheSameBits() throws IOException {
        float[] row = layout(5).initialRow();
        row[3] = Float.MIN_VALUE;
        DataOutputSerializer bytes = new DataOutputSerializer(16);

        serializer.serialize(row, bytes);
        float[] read = serializer.deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));

        assertThat(read).isEqualTo(row);
        assertThat(bytes.length()).isEqualTo(serializer.getLength());
    }

    @Test
    void copiesDeeplySoThatRowsMayBeChangedInPlace() {
        float[] row = layout(5).initialRow();

        assertThat(serializer.copy(row)).isEqualTo(row).isNotSameAs(row);
    }

    @Test
    void refusesRowsOfAnotherLength() {
        assertThatThrownBy(() -> serializer.serialize(new float[32], new DataOutputSerializer(16)))
                .hasMessage("row.length=32 must equal width=16");
    }

    @Test
    void acceptsSavedRowsOfTheSameLayout() throws IOException {
        TypeSerializerSnapshot<float[]> saved = reread(serializer.snapshotConfiguration());

        assertThat(new RowSerializer(layout(5))
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(saved)
                        .isCompatibleAsIs())
                .isTrue();
        assertThat(saved.restoreSerializer()).isEqualTo(serializer);
    }

    @Test
    void readsTheLayoutOfVeryManyFeatures() throws IOException {
        Layout.Builder builder = new Layout.Builder(1);
        for (int i = 0; i < 200; i++) {
            builder.add(Section.PARAMETERS, i + "x".repeat(10_000), Initializer.ZEROS, 1);
        }
        RowSerializer wide = new RowSerializer(builder.build(List.of()));

        assertThat(reread(wide.snapshotConfiguration()).restoreSerializer()).isEqualTo(wide);
    }

    @Test
    void refusesSavedRowsOfAnotherLayoutByName() throws IOException {
        TypeSerializerSnapshot<float[]> saved = reread(serializer.snapshotConfiguration());

        assertThatThrownBy(() ->
                        new RowSerializer(layout(6)).snapshotConfiguration().resolveSchemaCompatibility(saved))
                .hasMessageContaining("where the saved rows have 'parameters 0.dense.weight [3, 5]', the job's have"
                        + " 'parameters 0.dense.weight [3, 6]'");
    }

    private static TypeSerializerSnapshot<float[]> reread(TypeSerializerSnapshot<float[]> snapshot) throws IOException {
        DataOutputSerializer bytes = new DataOutputSerializer(16);
        snapshot.writeSnapshot(bytes);
        TypeSerializerSnapshot<float[]> read = new RowSerializer.Snapshot();
        read.readSnapshot(
                1, new DataInputDeserializer(bytes.getCopyOfBuffer()), RowSerializerTest.class.getClassLoader());
        return read;
    }
}
