package io.millrace.connectors.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON objects, each with fields of its own. */
record JsonLayout() implements RecordLayout {
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
        return new JsonDecoder(names);
    }

    @Override
    public RecordWriter writer() {
        return new JsonRecordWriter();
    }
}
