package io.millrace.connectors.event;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * Records of one Avro schema.
 *
 * @param path where the schema was read, as it was written in the job
 * @param schema its text
 */
record AvroLayout(String path, String schema) implements RecordLayout {

    /**
     * Reads a schema.
     *
     * @throws IllegalArgumentException if the file cannot be read or holds no record schema
     */
    static AvroLayout of(String path, Path directory) {
        Path file = directory.resolve(path);
        try {
            AvroLayout layout = new AvroLayout(path, Files.readString(file));
            if (layout.parsed().getType() != Schema.Type.RECORD) {
                throw new IllegalArgumentException("schema=" + path + " must describe a record, not "
                        + layout.parsed().getType().getName());
            }
            return layout;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("schema=" + path + " is not UTF-8 text", e);
        } catch (IOException e) {
            String fault = Files.exists(file) ? "cannot be read" : "does not exist";
            throw new IllegalArgumentException("schema=" + path + " " + fault + " (" + file.toAbsolutePath() + ")", e);
        } catch (SchemaParseException e) {
            throw new IllegalArgumentException("schema=" + path + " is not an Avro schema: " + e.getMessage(), e);
        }
    }

    private Schema parsed() {
        return new Schema.Parser().parse(schema);
    }

    @Override
    public Map<String, FieldType> fields() {
        Map<String, FieldType> fields = new LinkedHashMap<>();
        parsed().getFields().forEach(field -> fields.put(field.name(), AvroTypes.meaning(field.schema())));
        return fields;
    }

    @Override
    public String source() {
        return "the Avro schema " + path;
    }

    @Override
    public EventDecoder decoder(List<String> names) {
        return new AvroDecoder(parsed(), names);
    }

    @Override
    public RecordWriter writer(Set<String> names) {
        return new AvroRecordWriter(parsed());
    }
}
