package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.RandomCase;
import io.millrace.models.program.Layout;
import io.millrace.models.snapshot.Manifest;
import io.millrace.models.snapshot.RowsWriter;
import io.millrace.models.snapshot.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are written to a snapshot in the middle of a stream and read back continue in either executor. */
class MidStreamTest {
    private static final int MIDDLE = 77;

    @TempDir
    Path directory;

    static List<RandomCase> everyFifthCase() {
        return RandomCase.all().stream().filter(each -> each.seed() % 5 == 0).toList();
    }

    @ParameterizedTest
    @MethodSource("everyFifthCase")
    void snapshotContinuesAsIfTheStreamHadNeverStopped(RandomCase each) throws IOException {
        RandomCase head = each.part(0, MIDDLE);
        RandomCase tail = each.part(MIDDLE, each.rounds().size());
        int events = head.rounds().stream().mapToInt(List::size).sum();
        Trace jvm = Trace.jvm(each).from(events);
        Trace djl = Trace.djl(each, RandomCase.KEYS).from(events);

        double[][] fromJvm = Trace.jvm(head).rows();
        assertSame(each, jvm, Trace.jvm(tail, restored(each, fromJvm)));
        assertThat(DoublePrecision.close(
                        each, djl.distance(Trace.djl(tail, RandomCase.KEYS, restored(each, fromJvm)), tail)))
                .as("%s, from jvm to djl", each)
                .isTrue();
        double[][] fromDjl = Trace.djl(head, RandomCase.KEYS).rows();
        assertSame(each, djl, Trace.djl(tail, RandomCase.KEYS, restored(each, fromDjl)));
        assertThat(DoublePrecision.close(each, jvm.distance(Trace.jvm(tail, restored(each, fromDjl)), tail)))
                .as("%s, from djl to jvm", each)
                .isTrue();
    }

    private static void assertSame(RandomCase each, Trace one, Trace other) {
        assertThat(other.same(one)).as("%s", each).isTrue();
    }

    /** The rows, out of a snapshot. */
    private float[][] restored(RandomCase each, double[][] rows) throws IOException {
        Layout layout = each.program().layout();
        List<String> keys =
                IntStream.range(0, rows.length).mapToObj(Integer::toString).toList();
        try (OutputStream file = Files.newOutputStream(directory.resolve("part"))) {
            RowsWriter writer = new RowsWriter(file, keys, layout.width());
            for (double[] row : rows) {
                writer.write(floats(row));
            }
            writer.finish();
        }
        Manifest.Part part = new Manifest.Part("part", keys.size());
        Manifest manifest = Manifest.of("job", 1, 0, layout, List.of(part), "");
        Files.writeString(directory.resolve(Manifest.FILE), manifest.toJson());
        float[][] restored = new float[rows.length][];
        Snapshot.open(directory)
                .forEach((key, row) -> restored[Integer.parseInt(key)] = Arrays.copyOf(row, row.length));
        return restored;
    }

    private static float[] floats(double[] row) {
        float[] floats = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            floats[i] = (float) row[i];
        }
        return floats;
    }
}
