package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Remembered;
import io.millrace.state.records.RememberedSerializer;
import io.millrace.state.records.Sample;
import io.millrace.state.records.SampleSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * State that was saved in every format there has been must be read for ever. What this version writes is stored, too:
 * {@code main} writes it, once, when a format is new.
 */
class StoredBytesTest {
    private static final Layout LAYOUT = layout();
    private static final float[] ROW = row(1.5f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE, 1e-38f, -3, 0.1f);
    private static final float[] ZEROS = new float[LAYOUT.width()];
    private static final Sample EVENT = new Sample(
            "Zürich",
            "pay-7",
            1_700_000_000_000L,
            new float[] {1.5f, Float.NaN, -2.5f},
            new float[] {0.25f, 0.75f},
            0.5f,
            Sample.Kind.BOTH,
            new Origin("payments", 3, 1L << 40, 1_700_000_000_123L));
    private static final Sample LABEL = new Sample(
            "Zürich",
            "pay-8",
            -5,
            new float[0],
            new float[] {1},
            1,
            Sample.Kind.LABEL,
            new Origin("chargebacks", 0, 0, -1));

    private static Layout layout() {
        Layout.Builder layout = new Layout.Builder(1);
        layout.add(Section.PARAMETERS, "0.dense.weight", Initializer.normal(1), 3, 2);
        layout.add(Section.COUNTERS, "updates", Initializer.ZEROS, 2);
        return layout.build(List.of("mean"));
    }

    private static float[] row(float... pattern) {
        float[] row = new float[LAYOUT.width()];
        for (int i = 0; i < row.length; i++) {
            row[i] = pattern[i % pattern.length];
        }
        return row;
    }

    private static List<Remembered> remembered() {
        Remembered waiting = new Remembered(1L << 33, EVENT, new float[] {0.125f, 0.875f}, 1, 0);
        return List.of(waiting, waiting.expired(), Remembered.of(LABEL).at(2));
    }

    @ParameterizedTest
    @ValueSource(ints = 1)
    void rowsOfEveryFormatAreRead(int format) throws IOException {
        assertThat(read("rows-" + format, new RowSerializer(LAYOUT))).containsExactly(ROW, ZEROS);
    }

    @ParameterizedTest
    @ValueSource(ints = 1)
    void samplesOfEveryFormatAreRead(int format) throws IOException {
        assertThat(read("samples-" + format, SampleSerializer.INSTANCE))
                .usingRecursiveComparison()
                .withEqualsForType(Arrays::equals, float[].class) // NaN is NaN, as in the next line
                .withEqualsForType(Float::equals, Float.class)
                .isEqualTo(List.of(EVENT, LABEL));
    }

    @ParameterizedTest
    @ValueSource(ints = 1)
    void whatWaitsInEveryFormatIsRead(int format) throws IOException {
        assertThat(read("remembered-" + format, RememberedSerializer.INSTANCE))
                .usingRecursiveComparison()
                .withEqualsForType(Arrays::equals, float[].class) // NaN is NaN, as in the next line
                .withEqualsForType(Float::equals, Float.class)
                .isEqualTo(remembered());
    }

    /** Reads as Flink does when a job continues: with the serializer that was saved beside the values, if it is let. */
    private static <T> List<T> read(String file, TypeSerializer<T> job) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(stored(file));
        ClassLoader loader = StoredBytesTest.class.getClassLoader();
        TypeSerializerSnapshot<T> saved = TypeSerializerSnapshot.readVersionedSnapshot(in, loader);
        assertThat(job.snapshotConfiguration().resolveSchemaCompatibility(saved).isIncompatible())
                .isFalse();
        TypeSerializer<T> reader = saved.restoreSerializer();
        List<T> values = new ArrayList<>();
        while (in.available() > 0) {
            values.add(reader.deserialize(in));
        }
        return values;
    }

    private static byte[] stored(String file) throws IOException {
        try (InputStream bytes = StoredBytesTest.class.getResourceAsStream("stored/" + file)) {
            return Objects.requireNonNull(bytes, file).readAllBytes();
        }
    }

    /** Writes what this version saves into a new directory. */
    public static void main(String[] directory) throws IOException {
        Path files = Files.createDirectory(Path.of(directory[0]));
        write(files.resolve("rows"), new RowSerializer(LAYOUT), List.of(ROW, ZEROS));
        write(files.resolve("samples"), SampleSerializer.INSTANCE, List.of(EVENT, LABEL));
        write(files.resolve("remembered"), RememberedSerializer.INSTANCE, remembered());
    }

    private static <T> void write(Path file, TypeSerializer<T> serializer, List<T> values) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        for (T value : values) {
            serializer.serialize(value, out);
        }
        Files.write(file, out.getCopyOfBuffer());
    }
}
