package io.millrace.connectors.kafka;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** A Kafka topic to write to. */
@Term(value = "kafka", about = "a Kafka topic to write to")
public record KafkaTopic(
        @Setting(value = "name of the topic", atLeast = 1) String topic,

        @Setting(value = "host:port of one or more brokers; the source's when left out", optional = true, atLeast = 1)
        @Nullable
        String bootstrapServers,

        @Setting(
                value = "further settings of Kafka's clients, on top of the source's if its servers are used",
                byDefault = "{}")
        Map<String, String> properties)
        implements Serializable {
    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(15);

    public KafkaTopic {
        properties = Map.copyOf(properties);
        Settings.check(KafkaTopic.class, topic, bootstrapServers, properties);
    }

    /** The same topic with the source's servers, and its properties beneath this one's, where it names no servers itself. */
    public KafkaTopic beside(Kafka source) {
        if (bootstrapServers != null) {
            return this;
        }
        Map<String, String> all = new HashMap<>(source.properties());
        all.putAll(properties);
        return new KafkaTopic(topic, source.bootstrapServers(), all);
    }

    /**
     * How long a Kafka transaction on it may last: {@code transaction.timeout.ms} of its properties, else 15 minutes,
     * which is what brokers allow by default.
     *
     * @throws IllegalArgumentException if the property is no positive number
     */
    public Duration transactionTimeout() {
        String written = properties.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        if (written == null) {
            return USUAL_TIMEOUT;
        }
        if (!written.strip().matches("0*[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG + " must be a number of"
                    + " milliseconds in [1, 999999999]");
        }
        return Duration.ofMillis(Long.parseLong(written.strip()));
    }

    /** The same topic without properties, which may hold secrets: to be shown to others. */
    public KafkaTopic shown() {
        return new KafkaTopic(topic, bootstrapServers, Map.of());
    }

    /** Names the properties, never their values: passwords are among them. */
    @Override
    public String toString() {
        return "KafkaTopic[" + topic + " at " + bootstrapServers + ", properties=" + properties.keySet() + "]";
    }
}
