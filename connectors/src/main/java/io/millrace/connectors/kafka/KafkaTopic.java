package io.millrace.connectors.kafka;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
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

    /** Names the properties, never their values: passwords are among them. */
    @Override
    public String toString() {
        return "KafkaTopic[" + topic + " at " + bootstrapServers + ", properties=" + properties.keySet() + "]";
    }
}
