package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connectors.event.AvroText;
import io.millrace.connectors.kafka.DeadLetterRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as one line of JSON.
 *
 * <p>A dead letter is told by its headers and printed with what they say. Of other records the value is printed:
 * decoded if there is a schema, as it is if it holds JSON, else as an object with the field {@code value}. A value
 * that is not UTF-8 is written in base 64 and says so in the field {@code encoding}.
 */
final class RecordText {

    /** Turns a value into one line of JSON. */
    interface Decoding {
        /** Fails if the value is not what was expected. */
        String json(byte[] value) throws IOException;
    }

    private final ObjectMapper mapper = new ObjectMapper();
    private final Decoding decoding;

    /** Text of the records of one topic, whose values, except for dead letters, are decoded in one way. */
    RecordText(Decoding decoding) {
        this.decoding = decoding;
    }

    /** For values that hold JSON. */
    static RecordText plain() {
        ObjectReader strict = new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        return new RecordText(value -> {
            JsonNode parsed = strict.readTree(value);
            if (parsed.isMissingNode()) {
                throw new IOException("the value is empty");
            }
            return parsed.toString();
        });
    }

    /** For values that hold one Avro datum without header or schema id. */
    static RecordText avro(Schema schema) {
        return new RecordText(new AvroText(schema)::json);
    }

    String of(ConsumerRecord<byte[], byte[]> record) {
        if (record.headers().lastHeader(DeadLetterRecords.REASON) != null) {
            return deadLetter(record);
        }
        if (record.value() == null) {
            return "null";
        }
        try {
            return decoding.json(record.value());
        } catch (IOException e) {
            return put(mapper.createObjectNode(), record.value()).toString();
        }
    }

    private String deadLetter(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode letter = mapper.createObjectNode();
        letter.put("reason", header(record, DeadLetterRecords.REASON));
        letter.put("topic", header(record, DeadLetterRecords.TOPIC));
        letter.put("partition", number(record, DeadLetterRecords.PARTITION));
        letter.put("offset", number(record, DeadLetterRecords.OFFSET));
        letter.put("timestamp", number(record, DeadLetterRecords.TIMESTAMP));
        return put(letter, record.value()).toString();
    }

    private static @Nullable Long number(ConsumerRecord<byte[], byte[]> record, String name) {
        String written = header(record, name);
        return written == null ? null : Long.valueOf(written);
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static ObjectNode put(ObjectNode line, byte @Nullable [] value) {
        if (value == null) {
            return line.putNull("value");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
            return line.put("value", text);
        } catch (CharacterCodingException e) {
            return line.put("value", Base64.getEncoder().encodeToString(value)).put("encoding", "base64");
        }
    }
}
