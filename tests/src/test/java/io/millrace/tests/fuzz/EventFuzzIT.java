package io.millrace.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.Label;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 damaged records: each is one sample or one dead letter, for little memory and time. */
@Timeout(600)
class EventFuzzIT {
    private static final int EACH = 33_400;
    private static final int HUGE = 10 << 20;
    private static final int HUGE_ONES = 12;
    private static final long SEED = 20_261_121;
    private static final Meter METER = new Meter(24, 256 << 10);
    private static final Origin ORIGIN = new Origin("events", 3, 17, 1_700_000_000_000L);
    private static final EventFields EVENT =
            new EventFields("station", "id", "ts", TimeUnit.MILLISECONDS, Duration.ofSeconds(5), "w");
    private static final Label LABEL = new Label("class", List.of("DOWN", "UP"), null);
    private static final List<Feature> FEATURES =
            List.of(new Feature.Numeric(List.of("price")), new Feature.Categorical("day"));

    private static final String SCHEMA = """
            {"type": "record", "name": "Event", "fields": [
              {"name": "station", "type": "string"}, {"name": "id", "type": ["null", "long"]},
              {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "nothing", "type": {"type": "array", "items": "null"}},
              {"name": "tree", "type": ["null", {"type": "record", "name": "Tree", "fields": [
                {"name": "nodes", "type": {"type": "array", "items": "Tree"}},
                {"name": "names", "type": {"type": "map", "values": "bytes"}}]}]},
              {"name": "price", "type": ["null", "double", "string",
                {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}]},
              {"name": "day", "type": {"type": "enum", "name": "Day", "symbols": ["mon", "tue"]}},
              {"name": "w", "type": "float"}, {"name": "class", "type": "string"}]}""";

    @TempDir
    Path directory;

    @Test
    void avro() throws Exception {
        Files.writeString(directory.resolve("event.avsc"), SCHEMA);
        EventReader reader = EventReader.of(new Format.Avro("event.avsc"), EVENT, LABEL, FEATURES, directory);
        everyRecordIsOneSampleOrOneDeadLetter(reader, avroRecord());
    }

    @Test
    void json() throws Exception {
        EventReader reader = EventReader.of(new Format.Json(), EVENT, LABEL, FEATURES, directory);
        everyRecordIsOneSampleOrOneDeadLetter(reader, text("""
                {"station": "north", "id": 17, "ts": "2023-11-14T22:13:20Z", "price": 1.25e3, "day": "mon", "w": 0.5,
                 "more": [1, {"a": null}], "class": "UP"}"""));
    }

    @Test
    void csv() throws Exception {
        Format format = new Format.Csv(List.of("station", "id", "ts", "price", "day", "w", "class"), ",");
        EventReader reader = EventReader.of(format, EVENT, LABEL, FEATURES, directory);
        everyRecordIsOneSampleOrOneDeadLetter(reader, text("\"north\",17,1700000000000,1.25e3,mon,0.5,UP"));
    }

    /** Items of no bytes: 10 MB of block headers could announce 10^13 of them. */
    @Test
    void avroArraysOfNothingAreNoWork() throws Exception {
        Files.writeString(directory.resolve("event.avsc"), SCHEMA);
        EventReader reader = EventReader.of(new Format.Avro("event.avsc"), EVENT, LABEL, FEATURES, directory);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        encoder.writeString("north");
        encoder.writeIndex(0);
        encoder.writeLong(1_700_000_000_000L);
        for (int block = 0; block < HUGE / 4; block++) {
            encoder.writeLong(HUGE / 16);
        }
        byte[] bad = bytes.toByteArray();

        Decoded decoded = METER.within(bad.length, "blocks", () -> reader.read(null, bad, ORIGIN));

        assertThat(decoded.deadLetter().reason())
                .isEqualTo("the record is not of its Avro schema: nothing has more items than the record has bytes");
    }

    private static void everyRecordIsOneSampleOrOneDeadLetter(EventReader reader, byte[] good) throws Exception {
        assertThat(reader.read(null, good, ORIGIN).sample()).isNotNull();
        warmUp(reader, good);
        Mutator mutator = new Mutator(SEED);
        int samples = 0;
        for (int i = 0; i < EACH; i++) {
            byte[] bad = i < HUGE_ONES ? mutator.inflated(good, HUGE) : mutator.damaged(good);
            String name = "seed " + SEED + ", record " + i;
            Decoded decoded = METER.within(bad.length, name, () -> reader.read(good, bad, ORIGIN));
            if (decoded.sample() == null) {
                requireUseful(decoded.deadLetter(), bad, good, name);
            } else {
                requireSound(decoded.sample(), name);
                samples++;
            }
        }
        assertThat(samples).as("harmless injuries").isBetween(EACH / 100, EACH / 3);
        assertThat(reader.read(null, good, ORIGIN).sample()).isNotNull();
    }

    /** Classes are initialized when they are first used, which takes memory, too. */
    private static void warmUp(EventReader reader, byte[] good) {
        Mutator mutator = new Mutator(SEED + 1);
        for (int i = 0; i < 5_000; i++) {
            reader.read(null, mutator.damaged(good), ORIGIN);
        }
    }

    private static void requireUseful(DeadLetter letter, byte[] value, byte[] key, String name) {
        if (letter.reason().startsWith("the record cannot be read")
                || letter.reason().length() > 500) {
            assertThat(letter.reason()).as(name).isEqualTo("a short reason that was foreseen");
        }
        if (letter.value() != value || letter.key() != key || !letter.origin().equals(ORIGIN)) {
            assertThat(letter).as(name).isEqualTo("a dead letter with the record's own bytes and origin");
        }
    }

    private static void requireSound(Sample sample, String name) {
        boolean sound = sample.features().length == 2
                && !Float.isInfinite(sample.features()[0])
                && sample.features()[1] >= 0
                && sample.label().length <= 1
                && Float.isFinite(sample.weight())
                && sample.weight() >= 0
                && sample.key().length() <= 1_000
                && sample.id().length() <= 1_000;
        if (!sound) {
            assertThat(sample).as(name).isEqualTo("a sample that a model can learn");
        }
    }

    private static byte[] avroRecord() throws IOException {
        Schema schema = new Schema.Parser().parse(SCHEMA);
        Schema tree = schema.getField("tree").schema().getTypes().get(1);
        GenericData.Record record = new GenericData.Record(schema);
        record.put("station", "north");
        record.put("id", 17L);
        record.put("ts", 1_700_000_000_000L);
        record.put("nothing", Collections.nCopies(3, null));
        record.put("tree", tree(tree, 3));
        record.put("price", 2.5);
        record.put("day", new GenericData.EnumSymbol(schema.getField("day").schema(), "mon"));
        record.put("w", 0.5f);
        record.put("class", "UP");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
        return bytes.toByteArray();
    }

    private static GenericData.Record tree(Schema schema, int depth) {
        GenericData.Record tree = new GenericData.Record(schema);
        tree.put("nodes", depth == 0 ? List.of() : List.of(tree(schema, depth - 1), tree(schema, 0)));
        tree.put("names", Map.of("a", ByteBuffer.wrap(new byte[] {1, 2})));
        return tree;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
