package io.millrace.jobs.spec;

import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * The fields of events, as far as they are known before the first event is read.
 *
 * @param fields names of all fields and what they hold, in order
 */
public record EventSchema(Map<String, Content> fields) {

    /** What a model can make of a field. */
    public enum Content {
        NUMBER,
        TEXT,
        OTHER
    }

    private static final Set<Schema.Type> NUMBERS =
            Set.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE, Schema.Type.BOOLEAN);
    private static final Set<Schema.Type> TEXTS = Set.of(Schema.Type.STRING, Schema.Type.ENUM);

    /**
     * The fields that a format names; empty if it names none.
     *
     * @throws IllegalArgumentException if the schema file cannot be read
     */
    public static Optional<EventSchema> of(Format format) {
        if (format instanceof Format.Avro avro && avro.schema() != null) {
            return Optional.of(avro(Path.of(avro.schema())));
        }
        return format instanceof Format.Csv csv && csv.header() != null
                ? Optional.of(columns(csv.header()))
                : Optional.empty();
    }

    /** The fields of CSV records, taken to be numbers. */
    public static EventSchema columns(List<String> header) {
        Map<String, Content> fields = new LinkedHashMap<>();
        header.forEach(name -> fields.put(name, Content.NUMBER));
        return new EventSchema(fields);
    }

    private static EventSchema avro(Path file) {
        try {
            Schema schema = new Schema.Parser().parse(Files.readString(file));
            if (schema.getType() != Schema.Type.RECORD) {
                throw new IllegalArgumentException(
                        "\"" + file + "\" describes " + schema.getType().getName() + ", must describe a record");
            }
            Map<String, Content> fields = new LinkedHashMap<>();
            schema.getFields().forEach(field -> fields.put(field.name(), content(field.schema())));
            return new EventSchema(fields);
        } catch (IOException e) {
            String fault = Files.exists(file) ? "cannot be read" : "does not exist";
            throw new IllegalArgumentException("\"" + file + "\" " + fault, e);
        } catch (AvroRuntimeException e) {
            String reason =
                    Objects.toString(e.getMessage(), "").lines().findFirst().orElse("");
            throw new IllegalArgumentException("\"" + file + "\" is not an Avro schema: " + reason, e);
        }
    }

    private static Content content(Schema schema) {
        if (schema.isUnion()) {
            List<Schema> others = schema.getTypes().stream()
                    .filter(type -> type.getType() != Schema.Type.NULL)
                    .toList();
            return others.size() == 1 ? content(others.get(0)) : Content.OTHER;
        }
        if (NUMBERS.contains(schema.getType())) {
            return Content.NUMBER;
        }
        return TEXTS.contains(schema.getType()) ? Content.TEXT : Content.OTHER;
    }

    /** Features of every field that has no other part in the job: numbers as they are, texts as categories. */
    public List<Feature> features(EventFields event, Label label) {
        Set<String> taken = Stream.of(event.key(), event.id(), event.time(), event.weight(), label.field())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<Feature> features = new ArrayList<>();
        List<String> numbers = names(Content.NUMBER, taken);
        if (!numbers.isEmpty()) {
            features.add(new Feature.Numeric(numbers));
        }
        names(Content.TEXT, taken).forEach(name -> features.add(new Feature.Categorical(name, 64, 4)));
        return features;
    }

    private List<String> names(Content content, Set<String> taken) {
        return fields.keySet().stream()
                .filter(name -> fields.get(name) == content && !taken.contains(name))
                .toList();
    }
}
