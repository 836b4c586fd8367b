package io.millrace.jobs.yaml;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The named parts of a JSON Schema, each of which is written once. */
final class Definitions {
    private final Map<String, Class<?>> owners = new HashMap<>();
    private final Map<String, Object> schemas = new TreeMap<>();

    /**
     * A reference to a type's schema, which is made unless it is there.
     *
     * @throws IllegalStateException if two types have the same name
     */
    Map<String, Object> refer(Class<?> type, Supplier<Map<String, Object>> schema) {
        String name =
                type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
        Class<?> owner = owners.putIfAbsent(name, type);
        if (owner == null) {
            schemas.put(name, schema.get());
        } else if (owner != type) {
            throw new IllegalStateException(owner + " and " + type + " need different names");
        }
        return new LinkedHashMap<>(Map.of("$ref", "#/$defs/" + name));
    }

    Map<String, Object> schemas() {
        return schemas;
    }
}
