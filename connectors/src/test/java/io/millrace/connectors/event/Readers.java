package io.millrace.connectors.event;

import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Readers and records for tests. */
final class Readers {
    static final Origin ORIGIN = new Origin("events", 3, 17, 1_700_000_000_000L);
    static final Label UP_OR_DOWN = new Label("class", List.of("DOWN", "UP"), null);

    private Readers() {}

    static EventFields fields(String key, String id, String time, String weight) {
        return new EventFields(key, id, time, TimeUnit.MILLISECONDS, Duration.ofSeconds(5), weight);
    }

    static EventReader json(EventFields event, Label label, Feature... features) {
        return EventReader.of(new Format.Json(), event, label, List.of(features), Path.of(""));
    }

    static EventReader csv(List<String> header, EventFields event, Label label, Feature... features) {
        return EventReader.of(new Format.Csv(header, ","), event, label, List.of(features), Path.of(""));
    }

    static EventReader avro(Path directory, Schema schema, EventFields event, Label label, Feature... features)
            throws IOException {
        Files.writeString(directory.resolve("event.avsc"), schema.toString());
        return EventReader.of(new Format.Avro("event.avsc"), event, label, List.of(features), directory);
    }

    static byte[] avro(Schema schema, Map<String, ?> values) throws IOException {
        GenericData.Record record = new GenericData.Record(schema);
        values.forEach(record::put);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
        return bytes.toByteArray();
    }

    static Sample sample(EventReader reader, byte[] value) {
        Decoded decoded = reader.read(null, value, ORIGIN);
        if (decoded.sample() == null) {
            throw new AssertionError(String.valueOf(decoded.deadLetter()));
        }
        return decoded.sample();
    }

    static Sample sample(EventReader reader, String value) {
        return sample(reader, value.getBytes(StandardCharsets.UTF_8));
    }

    static String reason(EventReader reader, byte[] value) {
        DeadLetter letter = reader.read(null, value, ORIGIN).deadLetter();
        if (letter == null) {
            throw new AssertionError("a sample");
        }
        return letter.reason();
    }

    static String reason(EventReader reader, String value) {
        return reason(reader, value.getBytes(StandardCharsets.UTF_8));
    }
}
