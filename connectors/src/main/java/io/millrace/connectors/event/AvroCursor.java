package io.millrace.connectors.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding out of one record that may be anything at all.
 *
 * <p>Avro's own decoder trusts lengths before it has seen the bytes; this one compares every length with what is
 * left, and allows as many items as there are bytes, also if they are items of no bytes. So no record allocates more
 * than its own size or takes more steps than it has bytes.
 *
 * @see "Apache Avro 1.12 specification, Binary Encoding"
 */
final class AvroCursor {
    private static final int DEEPEST = 64;
    private static final Schema KEY = Schema.create(Schema.Type.STRING);

    private byte[] bytes = {};
    private ByteBuffer little = ByteBuffer.wrap(bytes);
    private int at;
    private int items; // of arrays and maps that the record may still hold
    private String field = "";

    void open(byte[] record) {
        bytes = record;
        little = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        at = 0;
        items = record.length;
    }

    /** Says which field is read next, for messages. */
    void enter(String name) {
        field = name;
    }

    int left() {
        return bytes.length - at;
    }

    boolean truth() throws BadEvent {
        byte value = bytes[forward(1)];
        if (value != 0 && value != 1) {
            throw bad("has the byte " + value + " for a boolean");
        }
        return value == 1;
    }

    int integer() throws BadEvent {
        long value = whole();
        if (value != (int) value) {
            throw bad("has " + value + ", too large for an int");
        }
        return (int) value;
    }

    /** A zig-zag coded integer of up to ten bytes. */
    long whole() throws BadEvent {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[forward(1)];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw bad("has an integer of more than ten bytes");
    }

    float single() throws BadEvent {
        return little.getFloat(forward(4));
    }

    double decimal() throws BadEvent {
        return little.getDouble(forward(8));
    }

    String text() throws BadEvent {
        int length = length();
        return Text.utf8(bytes, forward(length), length);
    }

    byte[] binary(int length) throws BadEvent {
        byte[] value = new byte[within(length)];
        System.arraycopy(bytes, forward(length), value, 0, length);
        return value;
    }

    /** The length in front of a text or of bytes, at most what is left. */
    int length() throws BadEvent {
        return within(whole());
    }

    /** An index in [0, choices). */
    int choice(int choices) throws BadEvent {
        long index = whole();
        if (index < 0 || index >= choices) {
            throw bad("has the index " + index + ", which must be in [0, " + choices + ")");
        }
        return (int) index;
    }

    void skip(Schema schema) throws BadEvent {
        skip(schema, 0);
    }

    private void skip(Schema schema, int depth) throws BadEvent {
        if (depth > DEEPEST) {
            throw bad("is nested deeper than " + DEEPEST + " levels");
        }
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> forward(1);
            case INT, LONG -> whole();
            case ENUM -> choice(schema.getEnumSymbols().size());
            case FLOAT -> forward(4);
            case DOUBLE -> forward(8);
            case STRING, BYTES -> forward(length());
            case FIXED -> forward(schema.getFixedSize());
            case UNION -> skip(schema.getTypes().get(choice(schema.getTypes().size())), depth + 1);
            case RECORD -> {
                for (Schema.Field inner : schema.getFields()) {
                    skip(inner.schema(), depth + 1);
                }
            }
            case ARRAY -> skipBlocks(null, schema.getElementType(), depth + 1);
            case MAP -> skipBlocks(KEY, schema.getValueType(), depth + 1);
        }
    }

    private void skipBlocks(@Nullable Schema key, Schema value, int depth) throws BadEvent {
        for (long count = whole(); count != 0; count = whole()) {
            if (count < 0) {
                forward(length());
                continue;
            }
            for (long item = allowed(count); item > 0; item--) {
                if (key != null) {
                    skip(key, depth);
                }
                skip(value, depth);
            }
        }
    }

    private long allowed(long count) throws BadEvent {
        if (count > items) {
            throw bad("has more items than the record has bytes");
        }
        items -= (int) count;
        return count;
    }

    private int within(long length) throws BadEvent {
        if (length < 0 || length > left()) {
            throw bad("has the length " + length + ", but " + left() + " bytes are left");
        }
        return (int) length;
    }

    /** Moves on by a number of bytes; returns where they begin. */
    private int forward(int count) throws BadEvent {
        if (count > left()) {
            throw bad("is cut off");
        }
        int begin = at;
        at += count;
        return begin;
    }

    private BadEvent bad(String fault) {
        return new BadEvent("the record is not of its Avro schema: " + field + " " + fault);
    }
}
