package io.millrace.models.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    private static final List<String> KEYS = List.of("", "card-7", "Zürich", "ключ");

    @TempDir
    Path directory;

    private final Layout layout = layout();

    private static Layout layout() {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "0.dense.weight", Initializer.normal(1), 3, 5);
        return builder.build(List.of("mean"));
    }

    private float[] row(int number) {
        float[] row = layout.initialRow();
        row[0] = number;
        return row;
    }

    private void write() throws IOException {
        try (OutputStream file = Files.newOutputStream(directory.resolve("part"))) {
            RowsWriter writer = new RowsWriter(file, KEYS, layout.width());
            for (int i = 0; i < KEYS.size(); i++) {
                writer.write(row(i));
            }
            writer.finish();
        }
        Manifest.Part part = new Manifest.Part("part", KEYS.size());
        Manifest manifest = Manifest.of("job", 7, 123, layout, List.of(part), "name: job\n");
        Files.writeString(directory.resolve(Manifest.FILE), manifest.toJson());
    }

    @Test
    void returnsEveryRowUnderItsKey() throws IOException {
        write();
        Map<String, float[]> read = new LinkedHashMap<>();

        Snapshot snapshot = Snapshot.open(directory);
        snapshot.forEach(read::put);

        assertThat(read.keySet()).containsExactlyElementsOf(KEYS);
        for (int i = 0; i < KEYS.size(); i++) {
            assertThat(read.get(KEYS.get(i))).isEqualTo(row(i));
        }
        assertThat(snapshot.manifest().models()).isEqualTo(4);
        assertThat(snapshot.manifest().ranges().get(0))
                .isEqualTo(new Manifest.Entry("0.dense.weight", "parameters", 0, List.of(3, 5)));
    }

    @Test
    void writesWhatSafetensorsReadersExpect() throws IOException {
        write();

        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(directory.resolve("part"))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);

        int rowsEnd = 32 + 4 * layout.width() * 4;
        assertThat(new String(header, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"key_ends\":{\"dtype\":\"I64\",\"shape\":[4],\"data_offsets\":[0,32]},"
                        + "\"rows\":{\"dtype\":\"F32\",\"shape\":[4," + layout.width() + "],\"data_offsets\":[32,"
                        + rowsEnd + "]},\"keys\":{\"dtype\":\"U8\",\"shape\":[21],\"data_offsets\":[" + rowsEnd + ","
                        + (rowsEnd + 21) + "]}}");
        assertThat(file.remaining()).isEqualTo(rowsEnd + 21);
    }

    @Test
    void findsARowByItsKeyAmongKeysOfTheSameHash() throws IOException {
        List<String> keys = List.of("AaAa", "BBBB", "AaBB", "b", ""); // the first three have one hash
        List<Manifest.Part> parts = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            List<String> own = part == 0 ? keys.subList(0, 2) : keys.subList(2, 5);
            try (OutputStream file = Files.newOutputStream(directory.resolve("part" + part))) {
                RowsWriter writer = new RowsWriter(file, own, layout.width());
                for (String key : own) {
                    writer.write(row(keys.indexOf(key)));
                }
                writer.finish();
            }
            parts.add(new Manifest.Part("part" + part, own.size()));
        }
        Manifest manifest = Manifest.of("job", 7, 123, layout, parts, "");
        Files.writeString(directory.resolve(Manifest.FILE), manifest.toJson());

        try (SnapshotRows rows = SnapshotRows.of(Snapshot.open(directory))) {
            for (String key : keys) {
                assertThat(rows.row(key)).as(key).isEqualTo(row(keys.indexOf(key)));
            }
            assertThat(rows.row("BBAa")).isNull();
            assertThat(rows.row("z")).isNull();
        }
    }

    @Test
    void saysWhereAnotherLayoutDiffers() throws IOException {
        write();
        Manifest manifest = Snapshot.open(directory).manifest();

        assertThat(manifest.difference(layout)).isEmpty();
        assertThat(manifest.difference(new Layout.Builder(1).build(List.of())))
                .isEqualTo("where the saved rows have 'parameters 0.dense.weight [3, 5]', the job's have 'width 0'");
    }

    @Test
    void refusesADirectoryWithoutManifest() {
        assertThatThrownBy(() -> Snapshot.open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has no manifest.json");
    }

    @Test
    void refusesMissingRows() throws IOException {
        try (OutputStream file = Files.newOutputStream(directory.resolve("part"))) {
            RowsWriter writer = new RowsWriter(file, KEYS, layout.width());
            writer.write(row(0));
            assertThatThrownBy(writer::finish).hasMessage("1 rows were written for 4 keys");
        }
    }

    @Test
    void refusesDamagedFilesByNameAndNeverFailsOtherwise() throws IOException {
        write();
        byte[] good = Files.readAllBytes(directory.resolve("part"));
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] bad = Arrays.copyOf(good, i % 2 == 0 ? random.nextInt(good.length) : good.length);
            if (bad.length > 0) {
                bad[random.nextInt(Math.min(bad.length, 300))] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(directory.resolve("part"), bad);
            try {
                Snapshot.open(directory).forEach((key, row) -> {});
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void refusesAPartOutsideTheDirectory() throws IOException {
        Manifest.Part part = new Manifest.Part("../part", 1);
        Manifest manifest = Manifest.of("job", 7, 123, layout, List.of(part), "");
        Files.writeString(directory.resolve(Manifest.FILE), manifest.toJson());

        assertThatThrownBy(() -> Snapshot.open(directory).forEach((key, row) -> {}))
                .hasMessage("part ../part lies outside the snapshot");
    }
}
