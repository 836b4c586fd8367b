package io.millrace.jobs.spec;

import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import io.millrace.operators.KeyPlan;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** How well the models do, beside naive baselines. */
@Term(value = "telemetry", about = "How well the models do, beside naive baselines.")
public record Telemetry(
        @Setting(value = "Length of a window.", byDefault = "1000 events")
        Every.Events every,

        @Setting(value = "Length of the sliding window of scores, over all learners.", byDefault = "10000 events")
        Every.Events recent,

        @Setting(value = "Events after which an event counts half in faded scores.", byDefault = "2000 events")
        Every.Events halfLife,

        @Setting(
                value = "Keys that are scored one by one, those with the most scored events; 0 for none.",
                byDefault = "10",
                atLeast = 0,
                atMost = KeyPlan.MOST)
        int keys,

        @Setting(value = "Topic to write; none when left out.", optional = true) @Nullable
        KafkaTopic kafka)
        implements Serializable {
    public Telemetry {
        Settings.check(Telemetry.class, every, recent, halfLife, keys, kafka);
    }

    /** The stretches that scores go over. */
    public io.millrace.operators.Telemetry.Span span() {
        return new io.millrace.operators.Telemetry.Span(recent.count(), halfLife.count());
    }

    /** The keys that are scored one by one. */
    public KeyPlan keyPlan() {
        return new KeyPlan(keys, halfLife.count());
    }

    /** The same without the settings of Kafka's clients. */
    Telemetry shown() {
        return new Telemetry(every, recent, halfLife, keys, kafka == null ? null : kafka.shown());
    }
}
