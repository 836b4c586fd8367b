package io.millrace.jobs.yaml;

import io.millrace.models.spec.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text, with or without quotes. Numbers and truth values are taken as they are written: {@code [0, 1]} names classes. */
final class Text implements Form {
    @Override
    public @Nullable String read(Place place) {
        String text = place.text("text");
        String fault = text == null ? null : References.fault(text);
        if (fault != null) {
            place.refuse(fault);
            return null;
        }
        return text;
    }

    @Override
    public Object write(Object value) {
        return value;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return new LinkedHashMap<>(Map.of("type", List.of("string", "number", "boolean")));
    }

    @Override
    public void bound(Map<String, Object> schema, Setting setting) {
        Bounds.put(schema, "minLength", setting.atLeast());
        Bounds.put(schema, "maxLength", setting.atMost());
    }

    @Override
    public Object resolve(Object value) {
        return References.resolve((String) value);
    }

    @Override
    public Object byDefault(String text) {
        return text;
    }
}
