package io.millrace.jobs.run;

import io.millrace.jobs.yaml.Span;
import io.millrace.state.records.Sample;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much later than its event a label comes in an evaluation: after so many further events of the file, or after so
 * much event time. No delay at all is 0 events: predicted, then learnt.
 *
 * @param events at least 0; not used if there is a time
 * @param time not negative
 */
public record Delay(long events, @Nullable Duration time) implements Serializable {

    /**
     * Reads a number of events, {@code 48}, or a duration, {@code 2 h}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static Delay parse(String text) {
        if (text.matches("\\d{1,12}")) {
            return new Delay(Long.parseLong(text), null);
        }
        Duration time = Span.parse(text);
        if (time == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" must be a number of events such as 48 or a duration such as 2 h");
        }
        return new Delay(0, time);
    }

    /** What passes between an event and its label: the number of an event, or its time. */
    long clock(long number, Sample event) {
        return time == null ? number : event.time();
    }

    /** The first moment of that clock at which the label is known before the event of that moment is predicted. */
    long due(long number, Sample event) {
        return time == null ? number + events + 1 : event.time() + time.toMillis();
    }

    @Override
    public String toString() {
        return time == null ? Long.toString(events) : Span.text(time);
    }
}
