package io.millrace.tests.fuzz;

import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.Label;
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

/** One event in each format, to be damaged. */
public enum GoodRecord {
    AVRO("{avro: {schema: event.avsc}}", new Format.Avro("event.avsc")),
    JSON("json", new Format.Json()),
    CSV(
            "{csv: {header: [station, id, ts, price, day, w, class]}}",
            new Format.Csv(List.of("station", "id", "ts", "price", "day", "w", "class"), ","));

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

    private final String yaml;

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Format format;

    GoodRecord(String yaml, Format format) {
        this.yaml = yaml;
        this.format = format;
    }

    /** The format as it stands in a job file. */
    public String yaml() {
        return yaml;
    }

    /** What reads the record, after its schema was written into a directory. */
    public EventReader reader(Path directory) throws IOException {
        writeSchema(directory);
        return EventReader.of(
                format,
                new EventFields("station", "id", "ts", TimeUnit.MILLISECONDS, Duration.ofSeconds(5), "w"),
                new Label("class", List.of("DOWN", "UP"), null),
                List.of(new Feature.Numeric(List.of("price")), new Feature.Categorical("day")),
                directory);
    }

    /** Writes {@code event.avsc}. */
    public static void writeSchema(Path directory) throws IOException {
        Files.writeString(directory.resolve("event.avsc"), SCHEMA);
    }

    /** The record. */
    public byte[] bytes() throws IOException {
        return switch (this) {
            case AVRO -> avro();
            case JSON -> text("""
                    {"station": "north", "id": 17, "ts": "2023-11-14T22:13:20Z", "price": 1.25e3, "day": "mon",
                     "w": 0.5, "more": [1, {"a": null}], "class": "UP"}""");
            case CSV -> text("\"north\",17,1700000000000,1.25e3,mon,0.5,UP");
        };
    }

    private static byte[] avro() throws IOException {
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
