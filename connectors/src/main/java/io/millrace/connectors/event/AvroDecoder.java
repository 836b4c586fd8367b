package io.millrace.connectors.event;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Reads records of one Avro schema: the wanted fields into their slots, over the others. */
final class AvroDecoder implements EventDecoder {
    private static final int LONGEST_DECIMAL = 64;

    private final Schema schema;
    private final Step[] steps; // one per field of the schema
    private final AvroCursor cursor = new AvroCursor();

    AvroDecoder(Schema schema, List<String> names) {
        this.schema = schema;
        steps = schema.getFields().stream()
                .map(field -> step(field.schema(), names.indexOf(field.name())))
                .toArray(Step[]::new);
    }

    /** Moves over one field. */
    private interface Step {
        void take(AvroCursor from, Fields into) throws BadEvent;
    }

    @Override
    public void decode(byte[] record, Fields into) throws BadEvent {
        cursor.open(record);
        List<Schema.Field> fields = schema.getFields();
        for (int field = 0; field < steps.length; field++) {
            cursor.enter(fields.get(field).name());
            steps[field].take(cursor, into);
        }
        if (cursor.left() > 0) {
            throw new BadEvent("the record has " + cursor.left() + " bytes more than its Avro schema");
        }
    }

    private static Step step(Schema schema, int slot) {
        if (slot < 0) {
            return (from, into) -> from.skip(schema);
        }
        return switch (schema.getType()) {
            case NULL -> (from, into) -> {};
            case BOOLEAN -> (from, into) -> into.truth(slot, from.truth());
            case INT ->
                AvroTypes.isDate(schema)
                        ? (from, into) -> into.instant(slot, from.integer() * 86_400_000L)
                        : (from, into) -> into.integer(slot, from.integer());
            case LONG -> whole(AvroTypes.perMilli(schema), slot);
            case FLOAT -> (from, into) -> into.single(slot, from.single());
            case DOUBLE -> (from, into) -> into.decimal(slot, from.decimal());
            case STRING -> (from, into) -> into.text(slot, from.text());
            case ENUM -> symbol(schema.getEnumSymbols(), slot);
            case UNION -> union(schema.getTypes(), slot);
            case BYTES, FIXED -> binary(schema, slot);
            case RECORD, ARRAY, MAP -> nested(schema, slot);
        };
    }

    private static Step whole(long perMilli, int slot) {
        return perMilli == 0
                ? (from, into) -> into.integer(slot, from.whole())
                : (from, into) -> into.instant(slot, Math.floorDiv(from.whole(), perMilli));
    }

    private static Step symbol(List<String> symbols, int slot) {
        return (from, into) -> into.text(slot, symbols.get(from.choice(symbols.size())));
    }

    private static Step union(List<Schema> types, int slot) {
        Step[] branches = types.stream().map(type -> step(type, slot)).toArray(Step[]::new);
        return (from, into) -> branches[from.choice(branches.length)].take(from, into);
    }

    private static Step nested(Schema schema, int slot) {
        return (from, into) -> {
            from.skip(schema);
            into.nested(slot);
        };
    }

    private static Step binary(Schema schema, int slot) {
        LogicalType logical = schema.getLogicalType();
        if (!(logical instanceof LogicalTypes.Decimal decimal)) {
            return nested(schema, slot);
        }
        int scale = decimal.getScale();
        boolean fixed = schema.getType() == Schema.Type.FIXED;
        int size = fixed ? schema.getFixedSize() : 0;
        return (from, into) -> {
            byte[] unscaled = from.binary(fixed ? size : from.length());
            if (unscaled.length == 0 || unscaled.length > LONGEST_DECIMAL) {
                throw new BadEvent("the record has a decimal of " + unscaled.length + " bytes, which must be in [1, "
                        + LONGEST_DECIMAL + "]");
            }
            into.decimal(slot, new BigDecimal(new BigInteger(unscaled), scale).doubleValue());
        };
    }
}
