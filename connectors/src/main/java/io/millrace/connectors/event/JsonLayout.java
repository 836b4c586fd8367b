package io.millrace.connectors.event;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects, each with fields of its own.
 *
 * @param untyped whether values mean what their spelling means in CSV, where a text may be a number or missing
 */
record JsonLayout(boolean untyped) implements RecordLayout {
    @Override
    public @Nullable Map<String, FieldType> fields() {
        return null;
    }

    @Override
    public String source() {
        return "JSON";
    }

    @Override
    public EventDecoder decoder(List<String> names) {
        return new JsonDecoder(names, untyped);
    }

    @Override
    public RecordWriter writer(Set<String> names) {
        return new JsonRecordWriter(names);
    }
}
