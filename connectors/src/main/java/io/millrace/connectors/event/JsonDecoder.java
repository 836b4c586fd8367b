package io.millrace.connectors.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object per record, token by token; of a field that stands there twice the last one counts. */
final class JsonDecoder implements EventDecoder {
    private static final int LONGEST_USE = 16 << 10;

    private final Map<String, Integer> slots = new HashMap<>();
    private final boolean untyped;
    private JsonFactory json = factory();
    private int used; // bytes that this factory's parsers were given

    /**
     * @param untyped whether texts and numbers mean what their spelling means in CSV
     */
    JsonDecoder(List<String> names, boolean untyped) {
        this.untyped = untyped;
        for (int slot = 0; slot < names.size(); slot++) {
            slots.put(names.get(slot), slot);
        }
    }

    /**
     * Jackson keeps every name it meets in a table of the factory, and copies the table for a record with a new name.
     * Where names are data, that came to half a megabyte for each record; a new factory begins a new table.
     */
    private static JsonFactory factory() {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .build();
    }

    @Override
    public void decode(byte[] record, Fields into) throws BadEvent {
        if (used > LONGEST_USE) {
            json = factory();
            used = 0;
        }
        used += record.length;
        try (JsonParser parser = json.createParser(record)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadEvent("the record is not a JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                take(parser, slots.get(name), into);
            }
            if (parser.nextToken() != null) {
                throw new BadEvent("the record goes on after its JSON object");
            }
        } catch (JsonProcessingException e) {
            throw new BadEvent("the record is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadEvent("the record is not valid JSON: " + e.getMessage());
        }
    }

    private void take(JsonParser parser, @Nullable Integer slot, Fields into) throws IOException {
        JsonToken token = parser.nextToken();
        if (slot == null) {
            parser.skipChildren();
            return;
        }
        if (untyped && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            into.untyped(slot, parser.getText());
            return;
        }
        switch (token) {
            case VALUE_NULL -> into.absent(slot);
            case VALUE_TRUE, VALUE_FALSE -> into.truth(slot, token == JsonToken.VALUE_TRUE);
            case VALUE_STRING -> into.text(slot, parser.getText());
            case VALUE_NUMBER_FLOAT -> decimal(parser, slot, into);
            case VALUE_NUMBER_INT -> integer(parser, slot, into);
            default -> {
                parser.skipChildren();
                into.nested(slot);
            }
        }
    }

    private static void decimal(JsonParser parser, int slot, Fields into) throws IOException {
        double value = parser.getDoubleValue();
        into.decimal(slot, value, Double.isInfinite(value) ? parser.getText() : null);
    }

    private static void integer(JsonParser parser, int slot, Fields into) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            into.decimal(slot, parser.getDoubleValue(), parser.getText());
        } else {
            into.integer(slot, parser.getLongValue());
        }
    }
}
