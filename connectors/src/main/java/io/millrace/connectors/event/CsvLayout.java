package io.millrace.connectors.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lines of delimited text whose columns have these names. */
record CsvLayout(List<String> header, char delimiter) implements RecordLayout {
    @Override
    public Map<String, FieldType> fields() {
        Map<String, FieldType> fields = new LinkedHashMap<>();
        header.forEach(name -> fields.put(name, FieldType.UNTYPED));
        return fields;
    }

    @Override
    public String source() {
        return "the CSV header";
    }

    @Override
    public EventDecoder decoder(List<String> names) {
        return new CsvDecoder(header, delimiter, names);
    }

    @Override
    public RecordWriter writer(Set<String> names) {
        return new CsvRecordWriter(header, delimiter);
    }
}
