package io.millrace.connectors.kafka;

import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as Kafka records: key and value are the original bytes, untouched; what was wrong and where it was
 * read stand in headers of UTF-8 text.
 */
public final class DeadLetterRecords implements KafkaRecordSerializationSchema<DeadLetter> {
    /** Why the record could not be used. */
    public static final String REASON = "millrace.reason";
    /** Where it was read. */
    public static final String TOPIC = "millrace.topic";

    public static final String PARTITION = "millrace.partition";
    public static final String OFFSET = "millrace.offset";
    /** The record's own timestamp, milliseconds since 1970 UTC. */
    public static final String TIMESTAMP = "millrace.timestamp";

    private final String topic;

    public DeadLetterRecords(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, @Nullable Long timestamp) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, letter.key(), letter.value());
        Origin origin = letter.origin();
        add(record.headers(), REASON, letter.reason());
        add(record.headers(), TOPIC, origin.topic());
        add(record.headers(), PARTITION, Integer.toString(origin.partition()));
        add(record.headers(), OFFSET, Long.toString(origin.offset()));
        add(record.headers(), TIMESTAMP, Long.toString(origin.timestamp()));
        return record;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
