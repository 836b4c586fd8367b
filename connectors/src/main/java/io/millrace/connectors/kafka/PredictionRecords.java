package io.millrace.connectors.kafka;

import io.millrace.connectors.output.PredictionFormat;
import io.millrace.state.records.Prediction;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Predictions as Kafka records: keyed by the model's key, stamped by Kafka, so a key's predictions stay in order. */
public final class PredictionRecords implements KafkaRecordSerializationSchema<Prediction> {
    private final String topic;
    private final PredictionFormat format;

    public PredictionRecords(String topic, PredictionFormat format) {
        this.topic = topic;
        this.format = format;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Prediction prediction, KafkaSinkContext context, @Nullable Long timestamp) {
        return new ProducerRecord<>(topic, prediction.key().getBytes(StandardCharsets.UTF_8), format.write(prediction));
    }
}
