package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.state.records.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas and records may name classes; nobody makes objects of them. */
class NamedClassesTest {
    private static final String TRAP = "io.millrace.connectors.event.Trap";

    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Event", "java-class": "TRAP", "fields": [
              {"name": "station", "type": {"type": "string", "java-class": "TRAP", "avro.java.string": "TRAP"}},
              {"name": "price", "type": {"type": "double", "logicalType": "TRAP", "java-class": "TRAP"}},
              {"name": "fee", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "tags", "type": {"type": "array", "items": {"type": "string", "java-class": "TRAP"},
                "java-class": "TRAP", "java-element-class": "TRAP"}},
              {"name": "counts", "type": {"type": "map", "values": "long", "java-class": "TRAP",
                "java-key-class": "TRAP"}},
              {"name": "inner", "type": {"type": "record", "name": "Trap", "namespace": "io.millrace.connectors.event",
                "fields": [{"name": "n", "type": "int"}]}},
              {"name": "class", "type": "string"}]}""".replace("TRAP", TRAP));

    private static final EventFields EVENT = Readers.fields("station", null, null, null);
    private static final Feature PRICE = new Feature.Numeric(List.of("price"));

    @TempDir
    Path directory;

    @AfterEach
    void nobodyStepsIntoTheTrap() {
        assertThat(Trap.Sprung.SPRUNG).isFalse();
    }

    private static byte[] record() throws IOException {
        GenericData.Record inner =
                new GenericData.Record(SCHEMA.getField("inner").schema());
        inner.put("n", 1);
        return Readers.avro(
                SCHEMA,
                Map.of(
                        "station",
                        TRAP,
                        "price",
                        2.5,
                        "fee",
                        ByteBuffer.wrap(new byte[] {1}),
                        "tags",
                        List.of("a", "b"),
                        "counts",
                        Map.of("a", 1L),
                        "inner",
                        inner,
                        "class",
                        "UP"));
    }

    @Test
    void byAvroSchemasOfEvents() throws IOException {
        EventReader reader =
                Readers.avro(directory, SCHEMA, EVENT, Readers.UP_OR_DOWN, PRICE, new Feature.Numeric(List.of("fee")));

        Sample sample = Readers.sample(reader, record());

        assertThat(sample.key()).isEqualTo(TRAP);
        assertThat(sample.features()).containsExactly(2.5f, 0.01f);
    }

    @Test
    void byAvroSchemasOfPrintedRecords() throws IOException {
        assertThat(new AvroText(SCHEMA).json(record())).startsWith("{\"station\": \"" + TRAP + "\", \"price\": 2.5");
    }

    @Test
    void byJsonAndCsv() {
        EventReader json = Readers.json(EVENT, Readers.UP_OR_DOWN, PRICE);
        EventReader csv = Readers.csv(List.of("station", "price", "class"), EVENT, Readers.UP_OR_DOWN, PRICE);
        for (String type : List.of("@class", "@type", "class-name", "$type")) {
            String record = "{\"TYPE\": \"TRAP\", \"station\": \"n\", \"more\": [\"TRAP\", {\"TYPE\": \"TRAP\"}],"
                    + " \"price\": PRICE, \"class\": \"UP\"}";
            String named = record.replace("TYPE", type).replace("TRAP", TRAP);
            assertThat(Readers.sample(json, named.replace("PRICE", "2")).features())
                    .containsExactly(2);
            assertThat(Readers.reason(json, named.replace("PRICE", "[\"" + TRAP + "\", {}]")))
                    .contains("price");
        }
        assertThat(Readers.reason(csv, "n,!!" + TRAP + " [],UP")).contains("price");
    }

    /** Avro's own reader would make room for a thousand million. */
    @Test
    void printedArraysAreAsLongAsTheyAre() throws IOException {
        Schema list = Schema.createArray(Schema.create(Schema.Type.LONG));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        encoder.writeLong(1_000_000_000);
        encoder.writeLong(7);

        assertThatThrownBy(() -> new AvroText(list).json(bytes.toByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessage("the value is not of the schema")
                .hasRootCauseMessage(
                        "the record is not of its Avro schema: the value has more items than the record has bytes");
    }
}
