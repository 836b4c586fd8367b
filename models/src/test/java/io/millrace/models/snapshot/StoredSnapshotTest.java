package io.millrace.models.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of every format there has been must be read for ever; {@code main} writes that of a new format, once. */
class StoredSnapshotTest {
    private static final Layout LAYOUT = layout();
    private static final float[] NORTH = row(1.5f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE, 1e-38f, -3, 0.1f);
    private static final float[] ZEROS = new float[LAYOUT.width()];

    private static float[] row(float... pattern) {
        float[] row = new float[LAYOUT.width()];
        for (int i = 0; i < row.length; i++) {
            row[i] = pattern[i % pattern.length];
        }
        return row;
    }

    private static Layout layout() {
        Layout.Builder layout = new Layout.Builder(1);
        layout.add(Section.PARAMETERS, "0.dense.weight", Initializer.normal(1), 3, 2);
        layout.add(Section.COUNTERS, "updates", Initializer.ZEROS, 2);
        return layout.build(List.of("mean"));
    }

    @ParameterizedTest
    @ValueSource(ints = 1)
    void snapshotsOfEveryFormatAreRead(int format) throws IOException, URISyntaxException {
        URL stored = Objects.requireNonNull(StoredSnapshotTest.class.getResource("stored/" + format));
        Snapshot snapshot = Snapshot.open(Path.of(stored.toURI()));
        Map<String, float[]> rows = new LinkedHashMap<>();
        snapshot.forEach(rows::put);

        assertThat(rows.keySet()).containsExactly("north", "", "Zürich");
        assertThat(rows.get("north")).isEqualTo(NORTH);
        assertThat(rows.get("Zürich")).isEqualTo(ZEROS);
        try (SnapshotRows byKey = SnapshotRows.of(snapshot)) {
            assertThat(byKey.row("north")).isEqualTo(NORTH);
        }
        assertThat(snapshot.manifest().difference(LAYOUT)).isEmpty();
        assertThat(snapshot.manifest())
                .usingRecursiveComparison()
                .ignoringFields("format")
                .isEqualTo(manifest());
    }

    private static Manifest manifest() {
        List<Manifest.Part> parts =
                List.of(new Manifest.Part("part-0.safetensors", 2), new Manifest.Part("part-1.safetensors", 1));
        return Manifest.of("weather", 812, 1_800_000_000_000L, LAYOUT, parts, "name: weather\n");
    }

    /** Writes the snapshot as this version does into a new directory. */
    public static void main(String[] directory) throws IOException {
        Path files = Files.createDirectory(Path.of(directory[0]));
        write(files.resolve("part-0.safetensors"), List.of("north", ""), List.of(NORTH, NORTH));
        write(files.resolve("part-1.safetensors"), List.of("Zürich"), List.of(ZEROS));
        Files.writeString(files.resolve(Manifest.FILE), manifest().toJson());
    }

    private static void write(Path part, List<String> keys, List<float[]> rows) throws IOException {
        try (OutputStream file = Files.newOutputStream(part)) {
            RowsWriter writer = new RowsWriter(file, keys, LAYOUT.width());
            for (float[] row : rows) {
                writer.write(row);
            }
            writer.finish();
        }
    }
}
