package io.millrace.connectors.event;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.concurrent.TimeUnit;

/** Moments as milliseconds since 1970 UTC. */
final class EventTime {
    private static final long EARLIEST =
            LocalDate.of(1, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    private static final long LATEST =
            LocalDate.of(10_000, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();

    private EventTime() {}

    /** True for moments in the years 1 to 9999; one beyond would carry the watermark away with it. */
    static boolean plausible(long millis) {
        return millis >= EARLIEST && millis < LATEST;
    }

    /**
     * A number of units since 1970, rounded down to milliseconds; saturates. What is within a microsecond of a whole
     * millisecond means that one: as a double, 1700000000.123 seconds are a little less.
     */
    static long of(double count, TimeUnit unit) {
        double millis = count * (unit.toNanos(1) / 1e6);
        double nearest = Math.rint(millis);
        return (long) (Math.abs(millis - nearest) < 1e-3 ? nearest : Math.floor(millis));
    }

    /**
     * A date, or a date and time, in ISO 8601; UTC if it names no offset. A space may stand for the T.
     *
     * @throws DateTimeException if it is neither
     */
    static long of(String iso) {
        if (iso.length() <= 10) {
            return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        String text = iso.charAt(10) == ' ' ? iso.substring(0, 10) + 'T' + iso.substring(11) : iso;
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime offset
                ? offset.toInstant().toEpochMilli()
                : ((LocalDateTime) time).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
