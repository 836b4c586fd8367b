package io.millrace.jobs.yaml;

import io.millrace.models.spec.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of several records: {@code relu} for one with its defaults, {@code {dense: 64}} for one with its first
 * component, {@code {adam: {learning-rate: 3e-3}}} for one with any.
 */
final class Choice implements Form {
    private final Class<?> type;
    private final Map<String, Fields> options = new LinkedHashMap<>();
    private final Map<Class<?>, Fields> byType = new LinkedHashMap<>();

    Choice(Class<?> type) {
        this.type = type;
        collect(type);
    }

    private void collect(Class<?> choice) {
        for (Class<?> option : choice.getPermittedSubclasses()) {
            if (option.isSealed()) {
                collect(option);
            } else {
                Fields fields = new Fields(option.asSubclass(Record.class));
                options.put(fields.name(), fields);
                byType.put(option, fields);
            }
        }
    }

    @Override
    public @Nullable Object read(Place place) {
        if (place.isScalar()) {
            Fields option = options.get(place.text());
            if (option == null) {
                place.refuse("unknown " + Settings.term(type) + " " + place.found() + hint(place.text()));
                return null;
            }
            return option.readName(place);
        }
        Map<String, Place> entries = place.mapping("one of " + String.join(", ", options.keySet()));
        return entries == null ? null : readOnly(place, entries);
    }

    private @Nullable Object readOnly(Place place, Map<String, Place> entries) {
        if (entries.size() != 1) {
            place.refuse("expected one of " + String.join(", ", options.keySet()) + ", found a mapping with the keys "
                    + entries.keySet());
            return null;
        }
        String name = entries.keySet().iterator().next();
        Place entry = entries.values().iterator().next();
        Fields option = options.get(name);
        if (option == null) {
            entry.refuseKey("unknown " + Settings.term(type) + hint(name));
            return null;
        }
        return option.readBehindName(entry);
    }

    private String hint(String name) {
        return Hint.among(name, options.keySet());
    }

    @Override
    public Object write(Object value) {
        Fields option = option(value);
        Map<String, Object> written = option.write(value);
        if (written.isEmpty() && option.mayBeBare()) {
            return option.name();
        }
        return Map.of(
                option.name(), option.isSingle() ? written.values().iterator().next() : written);
    }

    private Fields option(Object value) {
        Fields option = byType.get(value.getClass());
        if (option == null) {
            throw new IllegalArgumentException(value + " is none of " + options.keySet());
        }
        return option;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return definitions.refer(type, () -> definition(definitions));
    }

    private Map<String, Object> definition(Definitions definitions) {
        Map<String, Object> behindNames = new LinkedHashMap<>();
        options.forEach((name, option) -> behindNames.put(name, option.schemaBehindName(definitions)));
        Map<String, Object> mapping = new LinkedHashMap<>();
        mapping.put("type", "object");
        mapping.put("properties", behindNames);
        mapping.put("additionalProperties", false);
        mapping.put("minProperties", 1);
        mapping.put("maxProperties", 1);
        List<String> bare = options.values().stream()
                .filter(Fields::mayBeBare)
                .map(Fields::name)
                .toList();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("title", Settings.term(type));
        schema.put("anyOf", bare.isEmpty() ? List.of(mapping) : List.of(Map.of("enum", bare), mapping));
        return schema;
    }

    @Override
    public boolean takesMappings() {
        return true;
    }

    @Override
    public Object resolve(Object value) {
        return option(value).resolve(value);
    }
}
