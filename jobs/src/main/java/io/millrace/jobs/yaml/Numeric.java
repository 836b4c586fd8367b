package io.millrace.jobs.yaml;

import io.millrace.models.spec.Setting;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Numbers as YAML 1.2 writes them: {@code 64}, {@code 0.5}, {@code 3e-3}; always finite. */
record Numeric(String type, String what, Function<BigDecimal, Number> narrow) implements Form {
    private static final int MOST_DIGITS = 100;
    private static final Numeric INT = new Numeric("integer", "a whole number", BigDecimal::intValueExact);
    private static final Numeric LONG = new Numeric("integer", "a whole number", BigDecimal::longValueExact);
    private static final Numeric FLOAT = new Numeric("number", "a number", BigDecimal::floatValue);
    private static final Numeric DOUBLE = new Numeric("number", "a number", BigDecimal::doubleValue);

    static Optional<Form> of(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return Optional.of(INT);
        }
        if (type == long.class || type == Long.class) {
            return Optional.of(LONG);
        }
        if (type == float.class || type == Float.class) {
            return Optional.of(FLOAT);
        }
        return type == double.class || type == Double.class ? Optional.of(DOUBLE) : Optional.empty();
    }

    @Override
    public @Nullable Object read(Place place) {
        String text = place.text(what);
        if (text == null) {
            return null;
        }
        BigDecimal number = parse(text);
        if (number == null || place.isQuoted()) {
            place.refuse(
                    "expected " + what + ", found " + place.found() + (number == null ? "" : "; remove the quotes"));
            return null;
        }
        Number narrowed = narrowed(number);
        if (narrowed == null) {
            boolean fraction = number.stripTrailingZeros().scale() > 0;
            place.refuse("expected " + what + ", found " + place.found() + (fraction ? "" : ", which is too large"));
        }
        return narrowed;
    }

    /** The number in this type; null if it has none as large, or no fractions. */
    private @Nullable Number narrowed(BigDecimal number) {
        try {
            Number narrowed = narrow.apply(number);
            return Double.isInfinite(narrowed.doubleValue()) ? null : narrowed;
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal parse(String text) {
        if (text.length() > MOST_DIGITS) {
            return null; // reading it would take time with the square of its length
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public Object write(Object value) {
        return value instanceof Float ? Double.valueOf(value.toString()) : value;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return new LinkedHashMap<>(Map.of("type", type));
    }

    @Override
    public void bound(Map<String, Object> schema, Setting setting) {
        Bounds.put(schema, "minimum", setting.atLeast());
        Bounds.put(schema, "exclusiveMinimum", setting.above());
        Bounds.put(schema, "maximum", setting.atMost());
        Bounds.put(schema, "exclusiveMaximum", setting.below());
    }
}
