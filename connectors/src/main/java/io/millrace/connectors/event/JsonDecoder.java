package io.millrace.connectors.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object per record, token by token; of a field that stands there twice the last one counts. */
final class JsonDecoder implements EventDecoder {
    private final JsonFactory json = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private final Map<String, Integer> slots = new HashMap<>();

    JsonDecoder(List<String> names) {
        for (int slot = 0; slot < names.size(); slot++) {
            slots.put(names.get(slot), slot);
        }
    }

    @Override
    public void decode(byte[] record, Fields into) throws BadEvent {
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

    private static void take(JsonParser parser, @Nullable Integer slot, Fields into) throws IOException {
        JsonToken token = parser.nextToken();
        if (slot == null) {
            parser.skipChildren();
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
