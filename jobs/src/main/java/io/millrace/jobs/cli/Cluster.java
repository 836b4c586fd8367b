package io.millrace.jobs.cli;

import io.millrace.connectors.kafka.Kafka;
import io.millrace.connectors.kafka.KafkaCheck;
import io.millrace.connectors.kafka.KafkaTopic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * A Kafka cluster that a verb talks to.
 *
 * @param servers host:port of one or more brokers, separated by commas
 * @param properties further settings of its clients
 * @param setting where the servers were written, for messages
 */
record Cluster(String servers, Map<String, String> properties, String setting) {

    /** Where a job's events are. */
    static Cluster of(Kafka source) {
        return new Cluster(source.bootstrapServers(), source.properties(), "source.kafka.bootstrap-servers");
    }

    /** Where one of a job's results goes, which is beside its events if the topic names no servers. */
    static Cluster of(KafkaTopic topic, Kafka source) {
        String servers = topic.bootstrapServers();
        return servers == null
                ? new Cluster(
                        source.bootstrapServers(),
                        topic.beside(source).properties(),
                        of(source).setting())
                : new Cluster(servers, topic.properties(), "kafka.bootstrap-servers of " + topic.topic());
    }

    /**
     * Fails in one sentence if no broker answers or the topic does not exist.
     *
     * @param place where the topic was written, for the message
     * @param remedy what the user may do about it, at the end of the message
     */
    void requireTopic(String topic, String place, String remedy) {
        try (KafkaCheck check = KafkaCheck.of(servers, properties, setting)) {
            check.requireTopic(topic, place, remedy);
        }
    }

    /** Makes a topic unless it exists. */
    boolean ensureTopic(String topic, int partitions) {
        try (KafkaCheck check = KafkaCheck.of(servers, properties, setting)) {
            return check.ensureTopic(topic, partitions);
        }
    }

    /** Settings of every client of this cluster. */
    Map<String, String> clientSettings() {
        Map<String, String> settings = new HashMap<>(properties);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return settings;
    }
}
