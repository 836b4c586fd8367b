package io.millrace.connectors.kafka;

import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as Kafka records: key and value are the original bytes; what was wrong and where it was read stand in
 * headers of UTF-8 text.
 *
 * <p>A record may be larger than the dead letters' topic takes, and must not stop the job for that: its bytes are cut
 * to what the producer's {@code max.request.size} allows, and two more headers tell how many there were.
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

    /** How long the key and the value were, in bytes; there only if they were cut. */
    public static final String KEY_BYTES = "millrace.key-bytes";

    public static final String VALUE_BYTES = "millrace.value-bytes";

    private static final int OTHERS = 32 << 10; // for the headers and Kafka's own bytes
    private static final int LONGEST_REASON = 2_000;

    private final String topic;
    private final int room; // for key and value

    /** Dead letters for a topic, with the properties that its producer has. */
    public DeadLetterRecords(KafkaTopic topic) {
        this.topic = topic.topic();
        String largest = topic.properties().getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "1048576");
        room = Math.max(0, Integer.parseInt(largest.strip()) - OTHERS);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, @Nullable Long timestamp) {
        int keyRoom = Math.min(length(letter.key()), room / 2);
        int valueRoom = Math.min(length(letter.value()), room - keyRoom);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, cut(letter.key(), keyRoom), cut(letter.value(), valueRoom));
        Origin origin = letter.origin();
        add(
                record.headers(),
                REASON,
                letter.reason()
                        .substring(0, Math.min(LONGEST_REASON, letter.reason().length())));
        add(record.headers(), TOPIC, origin.topic());
        add(record.headers(), PARTITION, Integer.toString(origin.partition()));
        add(record.headers(), OFFSET, Long.toString(origin.offset()));
        add(record.headers(), TIMESTAMP, Long.toString(origin.timestamp()));
        if (length(letter.key()) > keyRoom) {
            add(record.headers(), KEY_BYTES, Integer.toString(length(letter.key())));
        }
        if (length(letter.value()) > valueRoom) {
            add(record.headers(), VALUE_BYTES, Integer.toString(length(letter.value())));
        }
        return record;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
