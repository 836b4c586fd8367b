package io.millrace.connectors.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Writes records of one Avro schema whose fields are numbers, booleans, text, symbols, moments or decimals. */
final class AvroRecordWriter implements RecordWriter {
    private final Schema schema;
    private final GenericDatumWriter<GenericData.Record> writer;
    private @Nullable BinaryEncoder encoder;

    AvroRecordWriter(Schema schema) {
        this.schema = schema;
        writer = new GenericDatumWriter<>(schema);
    }

    @Override
    public byte[] write(ObjectNode fields) {
        GenericData.Record record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(field.pos(), value(field, fields.path(field.name())));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoder);
            writer.write(record, encoder);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object value(Schema.Field field, JsonNode node) {
        if (node.isMissingNode() && field.hasDefaultValue()) {
            return GenericData.get().getDefaultValue(field);
        }
        boolean missing = node.isMissingNode() || node.isNull() || (node.isTextual() && Text.missing(node.textValue()));
        if (missing && field.schema().isNullable()) {
            return null;
        }
        for (Schema type : AvroTypes.present(field.schema())) {
            Object value = missing && type.getType() != Schema.Type.STRING ? null : converted(node, type);
            if (value != null) {
                return value;
            }
        }
        throw new IllegalArgumentException(field.name() + "=" + Text.shortened(node.toString())
                + " does not fit the Avro type " + Text.shortened(field.schema().toString()));
    }

    /** The value as the type has it; null if it does not fit. */
    private static @Nullable Object converted(JsonNode node, Schema type) {
        if (node.isContainerNode()) {
            return null;
        }
        String text = node.asText();
        try {
            return switch (type.getType()) {
                case BOOLEAN -> truth(text);
                case INT -> AvroTypes.isDate(type) ? (Object) days(text) : new BigDecimal(text.strip()).intValueExact();
                case LONG -> whole(text, AvroTypes.perMilli(type));
                case FLOAT -> finite(Text.number(text)) ? (float) Text.number(text) : null;
                case DOUBLE -> finite(Text.number(text)) ? Text.number(text) : null;
                case STRING -> text;
                case ENUM -> type.hasEnumSymbol(text) ? new GenericData.EnumSymbol(type, text) : null;
                case BYTES ->
                    type.getLogicalType() instanceof LogicalTypes.Decimal decimal && finite(Text.number(text))
                            ? ByteBuffer.wrap(new BigDecimal(text.strip())
                                    .setScale(decimal.getScale(), RoundingMode.UNNECESSARY)
                                    .unscaledValue()
                                    .toByteArray())
                            : null;
                case NULL, FIXED, UNION, RECORD, ARRAY, MAP -> null;
            };
        } catch (ArithmeticException | NumberFormatException | DateTimeException | AvroRuntimeException e) {
            return null;
        }
    }

    private static boolean finite(double number) {
        return !Double.isNaN(number) && !Double.isInfinite(number);
    }

    private static @Nullable Boolean truth(String text) {
        return switch (text.strip()) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> null;
        };
    }

    private static int days(String text) {
        return finite(Text.number(text))
                ? new BigDecimal(text.strip()).intValueExact()
                : (int) Math.floorDiv(EventTime.of(text.strip()), 86_400_000L);
    }

    private static long whole(String text, long perMilli) {
        return perMilli == 0 || finite(Text.number(text))
                ? new BigDecimal(text.strip()).longValueExact()
                : Math.multiplyExact(EventTime.of(text.strip()), perMilli);
    }
}
