package io.millrace.models.spec;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads and enforces the {@link Setting}s of spec records. */
public final class Settings {
    private Settings() {}

    /**
     * Checks every component of a record that is being constructed against its {@link Setting}, and the record against
     * {@link OneOf}.
     *
     * @param type the record
     * @param values its components, in order
     * @throws IllegalArgumentException naming the first component out of range, its value and the rule
     */
    public static void check(Class<? extends Record> type, @Nullable Object... values) {
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            String fault = fault(components[i], values[i]);
            if (fault != null) {
                throw new IllegalArgumentException(name(components[i]) + "=" + values[i] + " " + fault);
            }
        }
        OneOf choice = type.getAnnotation(OneOf.class);
        if (choice != null) {
            requireOne(List.of(choice.value()), components, values);
        }
    }

    private static void requireOne(List<String> names, RecordComponent[] components, @Nullable Object[] values) {
        long given = IntStream.range(0, components.length)
                .filter(i -> values[i] != null && names.contains(name(components[i])))
                .count();
        if (given != 1) {
            throw new IllegalArgumentException(
                    "one of " + String.join(", ", names) + " must be given, and " + given + " are");
        }
    }

    /** What is wrong with a value of a component, as in {@code must be > 0}; null if nothing is. Fractions end as floats. */
    public static @Nullable String fault(RecordComponent component, @Nullable Object value) {
        Setting setting = component.getAnnotation(Setting.class);
        if (value == null) {
            return setting != null && setting.optional() ? null : "must be given";
        }
        if (setting == null) {
            return null;
        }
        String unit = measures(value);
        double size = size(value);
        if (Double.isNaN(size)) {
            return "must be a number";
        }
        if (size < setting.atLeast()) {
            return unit + "must be >= " + plain(setting.atLeast());
        }
        if (size <= setting.above() && setting.above() != Double.NEGATIVE_INFINITY) {
            return unit + "must be > " + plain(setting.above());
        }
        if (size > setting.atMost()) {
            return unit + "must be <= " + plain(setting.atMost());
        }
        if (size >= setting.below() && setting.below() != Double.POSITIVE_INFINITY) {
            return unit + "must be < " + plain(setting.below());
        }
        boolean inFloat = size == 0 || (Math.abs(size) >= Float.MIN_NORMAL && Math.abs(size) <= Float.MAX_VALUE);
        return value instanceof Double && !inFloat ? "must be 0, or between 1.2e-38 and 3.4e38 in size" : null;
    }

    /** The name of a component in a job file: {@code learningRate} is written {@code learning-rate}. */
    public static String name(RecordComponent component) {
        return kebab(component.getName());
    }

    /** The name of a spec record or enum constant in a job file: its {@link Term}, or its name in kebab case. */
    public static String term(Class<?> type) {
        Term term = type.getAnnotation(Term.class);
        return term != null ? term.value() : kebab(type.getSimpleName());
    }

    /** The name of an enum constant in a job file: {@code EXACTLY_ONCE} is written {@code exactly-once}. */
    public static String term(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A number as people write it: without a trailing {@code .0}. */
    public static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String kebab(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static String measures(Object value) {
        if (value instanceof CharSequence) {
            return "length ";
        }
        if (value instanceof Collection) {
            return "number of entries ";
        }
        return value instanceof Duration ? "seconds " : "";
    }

    private static double size(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof Collection<?> many) {
            return many.size();
        }
        return value instanceof Duration duration ? duration.toMillis() / 1000.0 : 0;
    }
}
