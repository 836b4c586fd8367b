package io.millrace.jobs.yaml;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A duration of whole milliseconds, written with its unit: {@code 500 ms}, {@code 1.5 s}, {@code 10 min}. */
public final class Span implements Form {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(ms|s|min|h|d)");
    private static final Map<String, Long> MILLIS = new LinkedHashMap<>();

    static {
        MILLIS.put("d", 86_400_000L);
        MILLIS.put("h", 3_600_000L);
        MILLIS.put("min", 60_000L);
        MILLIS.put("s", 1_000L);
        MILLIS.put("ms", 1L);
    }

    Span() {}

    /** The duration a text stands for; null if it is none. */
    public static @Nullable Duration parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return null;
        }
        BigDecimal millis = new BigDecimal(written.group(1)).multiply(BigDecimal.valueOf(unit(written.group(2))));
        return Duration.ofMillis(millis.longValue());
    }

    /** The duration in the largest unit of which it is a whole number. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        String largest = "ms";
        for (String name : MILLIS.keySet()) {
            if (millis != 0 && millis % unit(name) == 0) {
                largest = name;
                break;
            }
        }
        return millis / unit(largest) + " " + largest;
    }

    private static long unit(String name) {
        return MILLIS.getOrDefault(name, 1L);
    }

    @Override
    public @Nullable Duration read(Place place) {
        String text = place.text("a duration such as 10 s");
        Duration duration = text == null ? null : parse(text);
        if (text != null && duration == null) {
            place.refuse("expected a duration such as 10 s, found " + place.found() + "; units: ms, s, min, h, d");
        }
        return duration;
    }

    @Override
    public Object write(Object value) {
        return text((Duration) value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("pattern", "^" + WRITTEN + "$");
        return schema;
    }
}
