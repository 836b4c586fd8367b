package io.millrace.jobs.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code true} or {@code false}. */
final class Flag implements Form {
    private static final String WHAT = "true or false";

    @Override
    public @Nullable Boolean read(Place place) {
        String text = place.text(WHAT);
        if (text == null) {
            return null;
        }
        if (place.isQuoted() || !(text.equals("true") || text.equals("false"))) {
            place.refuse("expected " + WHAT + ", found " + place.found());
            return null;
        }
        return text.equals("true");
    }

    @Override
    public Object write(Object value) {
        return value;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return new LinkedHashMap<>(Map.of("type", "boolean"));
    }
}
