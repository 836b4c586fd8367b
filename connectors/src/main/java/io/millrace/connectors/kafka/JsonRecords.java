package io.millrace.connectors.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Values of any type as Kafka records without a key: one JSON object each. */
public final class JsonRecords<T> implements KafkaRecordSerializationSchema<T> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String topic;
    private final SerializableFunction<T, Object> view;

    /** The view turns a value into what is written: a record, or a map from names to values. */
    public JsonRecords(String topic, SerializableFunction<T, Object> view) {
        this.topic = topic;
        this.view = view;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T value, KafkaSinkContext context, @Nullable Long timestamp) {
        try {
            return new ProducerRecord<>(topic, JSON.writeValueAsBytes(view.apply(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
