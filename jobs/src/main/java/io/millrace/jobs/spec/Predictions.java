package io.millrace.jobs.spec;

import io.millrace.connectors.event.Format;
import io.millrace.connectors.kafka.Delivery;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/** Where predictions go: one for every event. */
@Term(value = "predictions", about = "Where predictions go: one for every event.")
public record Predictions(
        @Setting("Topic to write.") KafkaTopic kafka,

        @Setting(value = "How a prediction is written: json or avro.", byDefault = "json")
        Format format,

        @Setting(value = "How often a prediction may appear after a crash.", byDefault = "exactly-once")
        Delivery delivery)
        implements Serializable {
    public Predictions {
        Settings.check(Predictions.class, kafka, format, delivery);
    }

    /** The same without the settings of Kafka's clients. */
    Predictions shown() {
        return new Predictions(kafka.shown(), format, delivery);
    }
}
