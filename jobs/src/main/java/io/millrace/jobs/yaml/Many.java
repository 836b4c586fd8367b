package io.millrace.jobs.yaml;

import io.millrace.models.spec.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list whose entries all have one form. */
record Many(Form entry) implements Form {
    @Override
    public @Nullable List<Object> read(Place place) {
        List<Place> places = place.list("a list");
        if (places == null) {
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (Place at : places) {
            Object value = entry.read(at);
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() == places.size() ? values : null;
    }

    @Override
    public Object write(Object value) {
        return ((List<?>) value).stream().map(entry::write).toList();
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", entry.schema(definitions));
        return schema;
    }

    @Override
    public void bound(Map<String, Object> schema, Setting setting) {
        Bounds.put(schema, "minItems", setting.atLeast());
        Bounds.put(schema, "maxItems", setting.atMost());
    }

    @Override
    public Object resolve(Object value) {
        return ((List<?>) value).stream().map(entry::resolve).toList();
    }
}
