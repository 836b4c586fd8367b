package io.millrace.jobs.spec;

import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/** Where records go that could not be used. */
@Term(value = "dead-letters", about = "Where records go that could not be used.")
public record DeadLetters(@Setting("Topic to write.") KafkaTopic kafka) implements Serializable {
    public DeadLetters {
        Settings.check(DeadLetters.class, kafka);
    }
}
