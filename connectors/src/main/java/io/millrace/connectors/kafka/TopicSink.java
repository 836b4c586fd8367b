package io.millrace.connectors.kafka;

import java.util.Properties;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Writes records of a Flink job to a Kafka topic. */
public final class TopicSink {
    private TopicSink() {}

    /**
     * A sink.
     *
     * @param topic must name its servers, see {@link KafkaTopic#beside}
     * @param transactionalIds what its transactions' names begin with; no other sink or job may use the same
     */
    public static <T> KafkaSink<T> to(
            KafkaTopic topic, Delivery delivery, String transactionalIds, KafkaRecordSerializationSchema<T> records) {
        if (topic.bootstrapServers() == null) {
            throw new IllegalArgumentException("bootstrap-servers must be given for the topic " + topic.topic());
        }
        Properties properties = new Properties();
        if (delivery == Delivery.EXACTLY_ONCE) {
            // Readers wait for the transaction's end anyway: fewer, larger requests spare the broker and its network.
            properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "50");
            properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(1 << 17));
        }
        properties.putAll(topic.properties());
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Long.toString(topic.transactionTimeout().toMillis()));
        // Kafka's own metrics come back under the same names after every restart, with a warning each.
        properties.setProperty("register.producer.metrics", "false");
        return KafkaSink.<T>builder()
                .setBootstrapServers(topic.bootstrapServers())
                .setKafkaProducerConfig(properties)
                .setDeliveryGuarantee(delivery.guarantee())
                .setTransactionalIdPrefix(transactionalIds)
                .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
                .setRecordSerializer(records)
                .build();
    }
}
