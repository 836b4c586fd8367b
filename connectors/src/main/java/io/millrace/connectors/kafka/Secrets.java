package io.millrace.connectors.kafka;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Which settings of Kafka's clients are secrets: those that the clients themselves hide in their logs. */
public final class Secrets {
    private static final Set<String> NAMES = Stream.of(
                    ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())
            .flatMap(definitions -> definitions.configKeys().values().stream())
            .filter(key -> key.type() == ConfigDef.Type.PASSWORD)
            .map(key -> key.name)
            .collect(Collectors.toUnmodifiableSet());

    private Secrets() {}

    /** True for settings such as {@code sasl.jaas.config} and {@code ssl.key.password}. */
    public static boolean includes(String setting) {
        return NAMES.contains(setting);
    }
}
