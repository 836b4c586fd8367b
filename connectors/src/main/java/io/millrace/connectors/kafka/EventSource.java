package io.millrace.connectors.kafka;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.SampleReader;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Reads events from a Kafka topic into a Flink job. */
public final class EventSource {
    /** How long a partition may stay silent before the others' time goes on without it. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private EventSource() {}

    /**
     * The source: committed records only, decoded where they are read.
     *
     * @param group consumer group if the topic names none
     */
    public static KafkaSource<Decoded> of(Kafka kafka, String group, SampleReader reader) {
        Properties properties = new Properties();
        properties.putAll(kafka.properties());
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Kafka's own metrics come back under the same names after every restart, with a warning each.
        properties.setProperty("register.consumer.metrics", "false");
        return KafkaSource.<Decoded>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setTopics(kafka.topic())
                .setGroupId(kafka.group() == null ? group : kafka.group())
                .setStartingOffsets(start(kafka.start()))
                .setDeserializer(new DecodedRecords(reader))
                .setProperties(properties)
                .build();
    }

    /**
     * Event time and watermarks of decoded records. A dead letter has no event time and moves no watermark.
     *
     * @param outOfOrderness how much later than a younger event an event may arrive
     */
    public static WatermarkStrategy<Decoded> watermarks(Duration outOfOrderness) {
        return WatermarkStrategy.<Decoded>forBoundedOutOfOrderness(outOfOrderness)
                .withTimestampAssigner((decoded, timestamp) -> decoded.sample() == null
                        ? TimestampAssigner.NO_TIMESTAMP
                        : decoded.sample().time())
                .withIdleness(IDLE);
    }

    @SuppressWarnings("deprecation") // the connector still takes the strategy that Kafka has renamed
    private static OffsetsInitializer start(Kafka.Start start) {
        return switch (start) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
            case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
        };
    }
}
