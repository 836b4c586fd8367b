package io.millrace.jobs.spec;

import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** How well the models do, beside naive baselines. */
@Term(value = "telemetry", about = "How well the models do, beside naive baselines.")
public record Telemetry(
        @Setting(value = "Length of a window.", byDefault = "1000 events")
        Every.Events every,

        @Setting(value = "Topic to write; none when left out.", optional = true) @Nullable
        KafkaTopic kafka)
        implements Serializable {
    public Telemetry {
        Settings.check(Telemetry.class, every, kafka);
    }
}
