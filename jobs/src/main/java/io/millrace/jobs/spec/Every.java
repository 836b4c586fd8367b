package io.millrace.jobs.spec;

import io.millrace.jobs.yaml.Span;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often something is done, counted in time or in events. Its text is {@code 10 min} or {@code 100000 events}. */
@Term(value = "every", about = "A duration such as 10 min, or a number of events such as 100000 events.")
public sealed interface Every extends Serializable {

    /**
     * Reads what {@code toString} writes.
     *
     * @throws IllegalArgumentException if the text is neither a duration nor a number of events
     */
    static Every parse(String text) {
        if (text.endsWith("events")) {
            return Events.parse(text);
        }
        Duration interval = Span.parse(text);
        if (interval == null) {
            throw new IllegalArgumentException(
                    "expected a duration such as 10 min or a number of events such as 100000 events, found \"" + text
                            + "\"");
        }
        return new Time(interval);
    }

    /**
     * Once per so much processing time.
     *
     * @param interval more than zero
     */
    record Time(Duration interval) implements Every {
        public Time {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("found " + Span.text(interval) + ": must be > 0");
            }
        }

        @Override
        public String toString() {
            return Span.text(interval);
        }
    }

    /**
     * Once per so many events.
     *
     * @param count at least 1
     */
    @Term(value = "events", about = "A number of events such as 1000 events.")
    record Events(long count) implements Every {
        private static final Pattern WRITTEN = Pattern.compile("(\\d{1,15}) ?events");

        public Events {
            if (count < 1) {
                throw new IllegalArgumentException("found " + count + " events: must be >= 1");
            }
        }

        /**
         * Reads what {@code toString} writes.
         *
         * @throws IllegalArgumentException if the text is not a number of events
         */
        static Events parse(String text) {
            Matcher written = WRITTEN.matcher(text);
            if (!written.matches()) {
                throw new IllegalArgumentException(
                        "expected a number of events such as 1000 events, found \"" + text + "\"");
            }
            return new Events(Long.parseLong(written.group(1)));
        }

        @Override
        public String toString() {
            return count + " events";
        }
    }
}
