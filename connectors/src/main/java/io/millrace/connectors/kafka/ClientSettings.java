package io.millrace.connectors.kafka;

import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What Kafka's clients say of their own settings. */
public final class ClientSettings {
    private static final List<ConfigDef> CLIENTS =
            List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef());

    private ClientSettings() {}

    /** True for settings that clients hide in their logs, such as {@code sasl.jaas.config} and {@code ssl.key.password}. */
    public static boolean isSecret(String setting) {
        return CLIENTS.stream()
                .map(client -> client.configKeys().get(setting))
                .anyMatch(key -> key != null && key.type() == ConfigDef.Type.PASSWORD);
    }

    /** The rule that a value breaks, which does not show it; null if all clients that know the setting take it. */
    public static @Nullable String rule(String setting, String value) {
        return CLIENTS.stream()
                .map(client -> client.configKeys().get(setting))
                .filter(key -> key != null && !accepts(key, value))
                .map(key -> "must be " + key.type().toString().toLowerCase(Locale.ROOT)
                        + (key.validator == null ? "" : ", " + key.validator))
                .findFirst()
                .orElse(null);
    }

    private static boolean accepts(ConfigDef.ConfigKey key, String value) {
        if (key.type() == ConfigDef.Type.CLASS) {
            return true; // it may be on the cluster's class path only
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type());
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }
}
