package io.millrace.jobs.spec;

import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.Label;
import io.millrace.connectors.event.LabelPlace;
import io.millrace.connectors.kafka.Kafka;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import io.millrace.operators.LabelJoin;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How labels that come later than their events find them. */
@Term(value = "label-join", about = "How labels that come later than their events find them, by key and id.")
public record LateLabels(
        @Setting(
                value = "Topic of the labels; later records of the events' topic hold them when left out.",
                optional = true)
        @Nullable
        KafkaTopic kafka,

        @Setting(value = "How the bytes of one record of that topic hold its fields.", byDefault = "json")
        Format format,

        @Setting(
                value = "Field of a label that names the model; called as the event's when left out.",
                optional = true,
                atLeast = 1)
        @Nullable
        String key,

        @Setting(
                value = "Field of a label that names the event; called as the event's when left out.",
                optional = true,
                atLeast = 1)
        @Nullable
        String id,

        @Setting(
                value = "Field with the label's time; the Kafka record's timestamp when left out.",
                optional = true,
                atLeast = 1)
        @Nullable
        String time,

        @Setting(value = "Event time after an event in which its label may come.", above = 0, atMost = 3153600000L)
        Duration timeout,

        @Setting(value = "What becomes of an event without a label.", byDefault = "drop")
        OnTimeout onTimeout,

        @Setting(
                value = "Events per key that wait; more are forgotten, the oldest first.",
                byDefault = "1000",
                atLeast = 1)
        int atMost)
        implements Serializable {
    private static final float[] NO_LABEL = {};

    public LateLabels {
        Settings.check(LateLabels.class, kafka, format, key, id, time, timeout, onTimeout, atMost);
    }

    /** What becomes of an event whose label does not come in time. */
    public sealed interface OnTimeout extends Serializable {

        /** Nothing is learnt from it. */
        @Term(value = "drop", about = "nothing is learnt from it")
        record Drop() implements OnTimeout {}

        /** It is learnt with a label of which no news is a sign. */
        @Term(value = "label", about = "it is learnt with a label that is taken for granted, as no click after a day")
        record Assume(
                @Setting(value = "the label, as it would be written in an event", atLeast = 1)
                String label) implements OnTimeout {
            public Assume {
                Settings.check(Assume.class, label);
            }
        }
    }

    /** Where the labels are found. */
    LabelPlace place() {
        return kafka == null ? LabelPlace.LATER_IN_TOPIC : LabelPlace.OTHER_TOPIC;
    }

    /** The fields by which a label of another topic finds its event. */
    public EventFields fields(EventFields event) {
        return new EventFields(
                event.key() == null ? null : Objects.requireNonNullElse(key, event.key()),
                id == null ? event.id() : id,
                time,
                event.timeUnit(),
                event.outOfOrderness(),
                null);
    }

    /** The topic of the labels, read as the events are; null if they share one. */
    public @Nullable Kafka source(Kafka events) {
        if (kafka == null) {
            return null;
        }
        KafkaTopic topic = kafka.beside(events);
        return new Kafka(
                Objects.requireNonNull(topic.bootstrapServers()),
                topic.topic(),
                events.start(),
                events.group(),
                topic.properties());
    }

    /**
     * What the learner is told.
     *
     * @throws IllegalArgumentException if the label to be taken for granted is none
     */
    public LabelJoin join(Label label) {
        float[] assumed = onTimeout instanceof OnTimeout.Assume assume ? label.value(assume.label()) : NO_LABEL;
        return new LabelJoin(timeout, assumed, atMost);
    }

    /** Labels that come any time later, for events that wait as long as it takes. */
    public static LateLabels whenever() {
        return new LateLabels(
                null,
                new Format.Json(),
                null,
                null,
                null,
                Duration.ofDays(36_500),
                new OnTimeout.Drop(),
                Integer.MAX_VALUE);
    }

    /** The same, with labels in the events' own topic or file. */
    public LateLabels besideTheEvents() {
        return new LateLabels(null, format, null, null, null, timeout, onTimeout, atMost);
    }

    /** The same without the settings of Kafka's clients. */
    LateLabels shown() {
        return new LateLabels(kafka == null ? null : kafka.shown(), format, key, id, time, timeout, onTimeout, atMost);
    }

    LateLabels with(Format other) {
        return new LateLabels(kafka, other, key, id, time, timeout, onTimeout, atMost);
    }
}
