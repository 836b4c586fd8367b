package io.millrace.connectors.event;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of an event say whose it is, what it is called, when it happened and how much it counts.
 *
 * <p>Text in the time field is ISO 8601 and Avro's timestamp types say their own unit; {@code timeUnit} is for plain
 * numbers.
 */
public record EventFields(
        @Setting(
                value = "field that names the model; all events share one model when left out",
                optional = true,
                atLeast = 1)
        @Nullable
        String key,

        @Setting(
                value = "field that names the event; its partition and offset when left out",
                optional = true,
                atLeast = 1)
        @Nullable
        String id,

        @Setting(
                value = "field with the event's time; the Kafka record's timestamp when left out",
                optional = true,
                atLeast = 1)
        @Nullable
        String time,

        @Setting(value = "unit of a time that is a plain number, counted since 1970 UTC", byDefault = "milliseconds")
        TimeUnit timeUnit,

        @Setting(value = "how much later than a younger event an event may arrive", byDefault = "5 s", atLeast = 0)
        Duration outOfOrderness,

        @Setting(value = "field with the event's weight in learning; 1 when left out", optional = true, atLeast = 1)
        @Nullable
        String weight)
        implements Serializable {

    /** One shared model, the Kafka record's own name and time. */
    public static final EventFields NONE =
            new EventFields(null, null, null, TimeUnit.MILLISECONDS, Duration.ofSeconds(5), null);

    public EventFields {
        Settings.check(EventFields.class, key, id, time, timeUnit, outOfOrderness, weight);
    }
}
