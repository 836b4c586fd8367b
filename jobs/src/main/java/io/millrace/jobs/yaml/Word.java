package io.millrace.jobs.yaml;

import io.millrace.models.spec.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A constant of an enum, in lower case with hyphens. */
final class Word implements Form {
    private final Map<String, Object> constants = new LinkedHashMap<>();

    Word(Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            constants.put(Settings.term((Enum<?>) constant), constant);
        }
    }

    @Override
    public @Nullable Object read(Place place) {
        String text = place.text("one of " + String.join(", ", constants.keySet()));
        if (text == null) {
            return null;
        }
        Object constant = constants.get(text);
        if (constant == null) {
            place.refuse("unknown value " + place.found() + Hint.among(text, constants.keySet()));
        }
        return constant;
    }

    @Override
    public Object write(Object value) {
        return Settings.term((Enum<?>) value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return new LinkedHashMap<>(Map.of("enum", List.copyOf(constants.keySet())));
    }
}
