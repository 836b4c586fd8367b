package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.state.records.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes are, a reader answers with exactly one sample or dead letter and does not throw. */
@Timeout(60)
class FuzzTest {
    private static final int MUTATIONS = 20_000;
    private static final long SEED = 20_261_120;

    @TempDir
    Path directory;

    @Test
    void survivesMutatedAvro() throws IOException {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Event", "fields": [
                  {"name": "station", "type": "string"}, {"name": "ts", "type": "long"},
                  {"name": "tree", "type": ["null", {"type": "record", "name": "Tree", "fields": [
                    {"name": "nodes", "type": {"type": "array", "items": "Tree"}},
                    {"name": "names", "type": {"type": "map", "values": "null"}}]}]},
                  {"name": "price", "type": ["null", "double", "string"]}, {"name": "class", "type": "string"}]}""");
        EventReader reader = Readers.avro(
                directory,
                schema,
                Readers.fields("station", null, "ts", null),
                Readers.UP_OR_DOWN,
                new Feature.Numeric(List.of("price")));
        mutate(
                reader,
                Readers.avro(
                        schema, Map.of("station", "north", "ts", 1_700_000_000_000L, "price", 2.5, "class", "UP")));
    }

    @Test
    void survivesMutatedJson() {
        EventReader reader = Readers.json(
                Readers.fields("station", null, "ts", "w"),
                Readers.UP_OR_DOWN,
                new Feature.Numeric(List.of("price")),
                new Feature.Categorical("day"));
        mutate(reader, """
                {"station": "north", "ts": "2023-11-14T22:13:20Z", "price": 1.25e3, "day": "mon", "w": 0.5,
                 "more": [1, {"a": null}], "class": "UP"}""".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void survivesMutatedCsv() {
        EventReader reader = Readers.csv(
                List.of("station", "ts", "price", "class"),
                Readers.fields("station", null, "ts", null),
                Readers.UP_OR_DOWN);
        mutate(reader, "\"north\",1700000000000,1.25e3,UP".getBytes(StandardCharsets.UTF_8));
    }

    private static void mutate(EventReader reader, byte[] good) {
        Random random = new Random(SEED);
        assertThat(reader.read(null, good, Readers.ORIGIN).sample()).isNotNull();
        int dead = 0;
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            byte[] bad = mutated(good, random);
            byte[] before = bad.clone();
            Decoded decoded = reader.read(null, bad, Readers.ORIGIN);
            assertThat(bad).as("seed %d, mutation %d", SEED, mutation).isEqualTo(before);
            if (decoded.sample() == null) {
                dead++;
            } else {
                requireFinite(decoded.sample());
            }
        }
        assertThat(dead).isGreaterThan(MUTATIONS / 4);
        assertThat(reader.read(null, good, Readers.ORIGIN).sample()).isNotNull();
    }

    private static void requireFinite(Sample sample) {
        assertThat(sample.weight()).isFinite().isNotNegative();
        for (float feature : sample.features()) {
            assertThat(Float.isInfinite(feature)).isFalse();
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> Arrays.fill(bytes, random.nextInt(bytes.length), bytes.length, (byte) random.nextInt(256));
            case 3 -> bytes = insert(bytes, random.nextInt(bytes.length), noise(random));
            default -> random.nextBytes(bytes);
        }
        return bytes;
    }

    private static byte[] noise(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
            case 1 -> "[".repeat(2_000).getBytes(StandardCharsets.UTF_8);
            case 2 -> "NaN".getBytes(StandardCharsets.UTF_8);
            case 3 -> "1e999".getBytes(StandardCharsets.UTF_8);
            default -> new byte[] {(byte) random.nextInt(256)};
        };
    }

    private static byte[] insert(byte[] bytes, int at, byte[] more) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
        System.arraycopy(more, 0, longer, at, more.length);
        return longer;
    }
}
