package io.millrace.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Layout;
import io.millrace.models.snapshot.Manifest;
import io.millrace.models.snapshot.RowsWriter;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.RowSerializer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged snapshots and savepoints: what is read from them is refused by name, or is of the size that was promised. */
@Timeout(600)
class SnapshotFuzzIT {
    private static final int EACH = 20_000;
    private static final long SEED = 7_311;
    private static final List<String> KEYS = List.of("", "card-7", "Zürich");

    @TempDir
    Path directory;

    private final Layout layout = new ModelSpec(List.of(new Dense(3)), null, new Sgd(0.1), 1)
            .compile(new Problem(Inputs.numeric(2), new Target.Value()))
            .layout();

    private int bytes;

    @BeforeEach
    void write() throws IOException {
        try (OutputStream file = Files.newOutputStream(directory.resolve("part"))) {
            RowsWriter writer = new RowsWriter(file, KEYS, layout.width());
            for (int row = 0; row < KEYS.size(); row++) {
                writer.write(layout.initialRow());
            }
            writer.finish();
        }
        Manifest.Part part = new Manifest.Part("part", KEYS.size());
        Files.writeString(
                directory.resolve(Manifest.FILE),
                Manifest.of("j", 7, 9, layout, List.of(part), "").toJson(),
                StandardCharsets.UTF_8);
        bytes = (int) (Files.size(directory.resolve("part")) + Files.size(directory.resolve(Manifest.FILE)));
    }

    @Test
    void parts() throws Exception {
        everyFileIsReadOrRefused("part");
    }

    @Test
    void manifests() throws Exception {
        everyFileIsReadOrRefused(Manifest.FILE);
    }

    private void everyFileIsReadOrRefused(String name) throws Exception {
        byte[] good = Files.readAllBytes(directory.resolve(name));
        Meter meter = new Meter(200, 4 << 20); // a JSON tree takes 50 bytes for two of its text
        Mutator mutator = new Mutator(SEED);
        int refused = 0;
        for (int i = 0; i < EACH; i++) {
            byte[] bad = i % 2_000 == 0 ? mutator.inflated(good, 1 << 20) : mutator.damaged(good);
            Files.write(directory.resolve(name), bad);
            refused += meter.within(bytes + bad.length, "seed " + SEED + ", file " + i, this::refused) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(EACH / 4);
    }

    /** Nothing but these two exceptions may come out of a reader: they say what is wrong. */
    private boolean refused() throws IOException {
        try {
            Snapshot snapshot = Snapshot.open(directory);
            snapshot.forEach((key, row) -> {
                if (row.length != snapshot.manifest().width()) {
                    throw new AssertionError("row of " + row.length);
                }
            });
            return false;
        } catch (IllegalArgumentException e) {
            assertThat(e).as("a reason").hasMessageMatching("(?s).{10,1500}");
            return true;
        }
    }

    @Test
    void linksLeadNowhere() throws IOException {
        Path elsewhere = Files.move(directory.resolve("part"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve("part"), elsewhere);

        assertThatThrownBy(() -> Snapshot.open(directory).forEach((key, row) -> {}))
                .hasMessage("part part is missing");
    }

    /** A class that would tell if anyone made one of it. */
    public static final class Trap {
        static final AtomicBoolean SPRUNG = new AtomicBoolean();

        public Trap() {
            SPRUNG.set(true);
        }
    }

    @Test
    void manifestsNameNoClasses() throws IOException {
        String trap = Trap.class.getName();
        for (String typed : List.of(
                "{\"@class\": \"" + trap + "\", \"format\": 1}",
                "[\"" + trap + "\", {}]",
                "{\"format\": 1, \"width\": 16, \"ranges\": [\"" + trap + "\", {}], \"parts\": []}",
                "{\"format\": 1, \"width\": 16, \"job\": [\"" + trap + "\", {}], \"ranges\": [], \"parts\": []}")) {
            Files.writeString(directory.resolve(Manifest.FILE), typed);
            assertThatThrownBy(() -> Snapshot.open(directory)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Trap.SPRUNG).isFalse();
    }

    @Test
    void savedLayouts() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(16);
        new RowSerializer(layout).snapshotConfiguration().writeSnapshot(out);
        byte[] good = out.getCopyOfBuffer();
        Meter meter = new Meter(24, 256 << 10);
        Mutator mutator = new Mutator(SEED);
        int refused = 0;
        for (int i = 0; i < EACH; i++) {
            byte[] bad = mutator.damaged(good);
            refused += meter.within(bad.length, "seed " + SEED + ", layout " + i, () -> refused(bad)) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(EACH / 4);
    }

    private static boolean refused(byte[] bad) {
        TypeSerializerSnapshot<float[]> snapshot = new RowSerializer.Snapshot();
        try {
            snapshot.readSnapshot(1, new DataInputDeserializer(bad), SnapshotFuzzIT.class.getClassLoader());
        } catch (IOException e) {
            return true;
        }
        assertThat(snapshot.restoreSerializer().getLength()).isPositive();
        return false;
    }

    @Test
    void rowsAreOfOneSizeWhateverTheirBytes() throws Exception {
        RowSerializer serializer = new RowSerializer(layout);
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(layout.initialRow(), out);
        byte[] good = out.getCopyOfBuffer();
        Meter meter = new Meter(24, 8 << 10);
        Mutator mutator = new Mutator(SEED);
        for (int i = 0; i < EACH; i++) {
            byte[] bad = mutator.damaged(good);
            meter.within(bad.length, "seed " + SEED + ", row " + i, () -> {
                try {
                    return serializer.deserialize(new DataInputDeserializer(bad)).length == layout.width();
                } catch (IOException e) {
                    return bad.length < good.length;
                }
            });
        }
    }
}
