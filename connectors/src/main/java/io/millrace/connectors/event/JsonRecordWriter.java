package io.millrace.connectors.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes JSON objects; text that spells a finite number becomes one, and text that spells a missing value null. */
final class JsonRecordWriter implements RecordWriter {
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

    private final ObjectMapper json = new ObjectMapper();
    private final Set<String> names;

    /** Leaves these fields text where a number would be spelled otherwise: 007, 1.10, 1e3. */
    JsonRecordWriter(Set<String> names) {
        this.names = names;
    }

    @Override
    public byte[] write(ObjectNode fields) {
        ObjectNode typed = json.createObjectNode();
        fields.properties().forEach(field -> typed.set(field.getKey(), typed(field.getKey(), field.getValue())));
        try {
            return json.writeValueAsBytes(typed);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the record cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private JsonNode typed(String name, JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        String text = value.textValue();
        if (Text.missing(text)) {
            return NullNode.instance;
        }
        double number = Text.number(text);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return value;
        }
        JsonNode written = number(text.strip(), number);
        return names.contains(name) && !written.asText().equals(text.strip()) ? value : written;
    }

    private static JsonNode number(String digits, double number) {
        if (WHOLE.matcher(digits).matches()) { // exact: as doubles, two long card numbers could become the same key
            return BigIntegerNode.valueOf(new BigInteger(digits));
        }
        return number == (long) number && !digits.contains(".") && Math.abs(number) < 1L << 53
                ? LongNode.valueOf((long) number)
                : DoubleNode.valueOf(number);
    }
}
