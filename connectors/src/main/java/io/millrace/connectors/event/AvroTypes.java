package io.millrace.connectors.event;

import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What Avro's types mean to an event. */
final class AvroTypes {
    private AvroTypes() {}

    static FieldType meaning(Schema schema) {
        return switch (schema.getType()) {
            case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> FieldType.NUMBER;
            case STRING, ENUM -> FieldType.TEXT;
            case BYTES, FIXED ->
                schema.getLogicalType() instanceof LogicalTypes.Decimal ? FieldType.NUMBER : FieldType.OTHER;
            case UNION ->
                common(present(schema).stream()
                        .map(AvroTypes::meaning)
                        .distinct()
                        .toList());
            case NULL, RECORD, ARRAY, MAP -> FieldType.OTHER;
        };
    }

    private static FieldType common(List<FieldType> meanings) {
        if (meanings.isEmpty() || meanings.contains(FieldType.OTHER)) {
            return FieldType.OTHER;
        }
        return meanings.size() == 1 ? meanings.get(0) : FieldType.MIXED;
    }

    /** The types a field may have when it is not null. */
    static List<Schema> present(Schema schema) {
        return !schema.isUnion()
                ? List.of(schema)
                : schema.getTypes().stream()
                        .filter(type -> type.getType() != Schema.Type.NULL)
                        .toList();
    }

    static boolean isDate(Schema schema) {
        return schema.getLogicalType() instanceof LogicalTypes.Date;
    }

    /** How many units of a timestamp make a millisecond; 0 if the type is no timestamp. */
    static long perMilli(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return switch (logical == null ? "" : logical.getName()) {
            case "timestamp-millis", "local-timestamp-millis" -> 1;
            case "timestamp-micros", "local-timestamp-micros" -> 1_000;
            case "timestamp-nanos", "local-timestamp-nanos" -> 1_000_000;
            default -> 0;
        };
    }
}
