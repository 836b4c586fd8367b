package io.millrace.jobs.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names and texts of someone else's choosing, such as settings of Kafka's clients. Secrets are printed as {@code ***}. */
final class Pairs implements Form {
    private static final Pattern SECRET =
            Pattern.compile("password|secret|sasl\\.jaas\\.config|token|key", Pattern.CASE_INSENSITIVE);
    private static final Text TEXT = new Text();

    @Override
    public @Nullable Map<String, String> read(Place place) {
        Map<String, Place> entries = place.mapping("a mapping of names to texts");
        if (entries == null) {
            return null;
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        entries.forEach((name, at) -> {
            String text = TEXT.read(at);
            if (text != null) {
                pairs.put(name, text);
            }
        });
        return pairs.size() == entries.size() ? pairs : null;
    }

    @Override
    public Object write(Object value) {
        Map<String, Object> written = new TreeMap<>();
        ((Map<?, ?>) value).forEach((name, text) -> written.put((String) name, shown((String) name, (String) text)));
        return written;
    }

    private static String shown(String name, String text) {
        return SECRET.matcher(name).find() && !References.only(text) ? "***" : text;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", TEXT.schema(definitions));
        return schema;
    }

    @Override
    public boolean takesMappings() {
        return true;
    }

    @Override
    public Object resolve(Object value) {
        Map<Object, Object> resolved = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((name, text) -> resolved.put(name, References.resolve((String) text)));
        return resolved;
    }
}
