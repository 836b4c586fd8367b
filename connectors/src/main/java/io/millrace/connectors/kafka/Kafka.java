package io.millrace.connectors.kafka;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Kafka topic to read events from. */
@Term(value = "kafka", about = "a Kafka topic to read events from")
public record Kafka(
        @Setting(value = "host:port of one or more brokers, separated by commas", atLeast = 1)
        String bootstrapServers,

        @Setting(value = "name of the topic", atLeast = 1) String topic,

        @Setting(
                value = "where a job begins that has no checkpoint: committed means its group's last offsets",
                byDefault = "earliest")
        Start start,

        @Setting(value = "consumer group; the job's name when left out", optional = true, atLeast = 1) @Nullable
        String group,

        @Setting(value = "further settings of Kafka's clients, such as security.protocol", byDefault = "{}")
        Map<String, String> properties)
        implements Serializable {

    /** Where a job begins that has no checkpoint. */
    public enum Start {
        EARLIEST,
        LATEST,
        COMMITTED
    }

    public Kafka {
        properties = Map.copyOf(properties);
        Settings.check(Kafka.class, bootstrapServers, topic, start, group, properties);
    }

    /** The same topic without properties, which may hold secrets: to be shown to others. */
    public Kafka shown() {
        return new Kafka(bootstrapServers, topic, start, group, Map.of());
    }

    /** Names the properties, never their values: passwords are among them. */
    @Override
    public String toString() {
        return "Kafka[" + topic + " at " + bootstrapServers + ", start=" + Settings.term(start) + ", group=" + group
                + ", properties=" + properties.keySet() + "]";
    }
}
