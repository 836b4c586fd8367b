package io.millrace.jobs.spec;

import io.millrace.connectors.event.Format;
import io.millrace.connectors.kafka.Kafka;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/** Where events come from. */
@Term(value = "source", about = "Where events come from.")
public record Source(
        @Setting("Topic to read.") Kafka kafka,

        @Setting(value = "How the bytes of one record hold its fields.", byDefault = "json")
        Format format)
        implements Serializable {
    public Source {
        Settings.check(Source.class, kafka, format);
    }
}
