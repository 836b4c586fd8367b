package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import io.millrace.models.snapshot.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotWriterTest {
    private static final long TIME = 1_800_000_000_000L;

    @TempDir
    Path directory;

    private SnapshotWriter writer;

    @BeforeEach
    void setUp() throws Exception {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "w", Initializer.ZEROS, 1);
        writer = new SnapshotWriter(directory.toUri().toString(), "job", builder.build(List.of()), "spec");
    }

    private void part(long checkpoint, int subtask, String... keys) throws Exception {
        writer.writePart(checkpoint, TIME + checkpoint, subtask, List.of(keys), key -> {
            float[] row = new float[16];
            row[0] = key.length();
            return row;
        });
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void showsASnapshotOnlyWhenItIsComplete() throws Exception {
        part(4, 0, "a", "bb");
        assertThat(names()).containsExactly(".snapshot-20270115T080000.004Z-4");
        part(4, 1, "ccc");

        String visible = writer.complete(4, TIME + 4, 2).orElseThrow().getPath();

        assertThat(names()).containsExactly("snapshot-20270115T080000.004Z-4");
        Map<String, Float> read = new HashMap<>();
        Snapshot snapshot = Snapshot.open(Path.of(visible));
        snapshot.forEach((key, row) -> read.put(key, row[0]));
        assertThat(read).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1f, "bb", 2f, "ccc", 3f));
        assertThat(snapshot.manifest().checkpoint()).isEqualTo(4);
        assertThat(snapshot.manifest().models()).isEqualTo(3);
    }

    @Test
    void leavesASnapshotWithAMissingPartHiddenUntilTheNext() throws Exception {
        part(4, 0, "a");

        assertThat(writer.complete(4, TIME + 4, 2)).isEmpty();
        assertThat(writer.begun(2)).isTrue();

        part(5, 0, "a");
        part(5, 1);
        assertThat(writer.complete(5, TIME + 5, 2)).isPresent();
        assertThat(names()).containsExactly("snapshot-20270115T080000.005Z-5");
        assertThat(writer.begun(2)).isFalse();
    }
}
