package io.millrace.connectors.event;

import io.millrace.models.spec.Settings;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The wanted fields of one record, in numbered slots; filled by an {@link EventDecoder} again and again. */
public final class Fields {

    /** What a slot holds. */
    private enum Kind {
        MISSING,
        INTEGER,
        DECIMAL,
        SINGLE,
        TRUTH,
        TEXT,
        UNTYPED,
        INSTANT,
        NESTED
    }

    private final String[] names;
    private final Kind[] kinds;
    private final long[] integers; // of INTEGER, TRUTH and INSTANT
    private final double[] decimals; // of DECIMAL and SINGLE
    private final @Nullable String[] texts; // of TEXT and UNTYPED, and as written of numbers beyond a long

    Fields(List<String> names) {
        this.names = names.toArray(String[]::new);
        kinds = new Kind[names.size()];
        integers = new long[names.size()];
        decimals = new double[names.size()];
        texts = new String[names.size()];
        clear();
    }

    void clear() {
        Arrays.fill(kinds, Kind.MISSING);
    }

    void absent(int slot) {
        kinds[slot] = Kind.MISSING;
    }

    void integer(int slot, long value) {
        kinds[slot] = Kind.INTEGER;
        integers[slot] = value;
    }

    void decimal(int slot, double value) {
        decimal(slot, value, null);
    }

    /** A number whose exact spelling matters where it is used as text; null if it does not. */
    void decimal(int slot, double value, @Nullable String spelling) {
        kinds[slot] = Kind.DECIMAL;
        decimals[slot] = value;
        texts[slot] = spelling;
    }

    void single(int slot, float value) {
        kinds[slot] = Kind.SINGLE;
        decimals[slot] = value;
    }

    void truth(int slot, boolean value) {
        kinds[slot] = Kind.TRUTH;
        integers[slot] = value ? 1 : 0;
    }

    /** A moment, in milliseconds since 1970 UTC. */
    void instant(int slot, long millis) {
        kinds[slot] = Kind.INSTANT;
        integers[slot] = millis;
    }

    void text(int slot, String value) {
        kinds[slot] = Kind.TEXT;
        texts[slot] = value;
    }

    /** Text that is a number where one is asked for, and missing if it is spelled so. */
    void untyped(int slot, String value) {
        kinds[slot] = Text.missing(value) ? Kind.MISSING : Kind.UNTYPED;
        texts[slot] = value;
    }

    /** A value that no part of an event can be made of. */
    void nested(int slot) {
        kinds[slot] = Kind.NESTED;
    }

    boolean missing(int slot) {
        return kinds[slot] == Kind.MISSING;
    }

    /** True if the value is a number or a text that spells one. */
    boolean numeric(int slot) {
        return switch (kinds[slot]) {
            case INTEGER, DECIMAL, SINGLE -> true;
            case UNTYPED -> !Double.isNaN(Text.number(spelling(slot)));
            default -> false;
        };
    }

    /** The value as a finite float: booleans are 0 and 1, moments seconds since 1970; NaN if missing. */
    float single(int slot) throws BadEvent {
        if (kinds[slot] == Kind.MISSING) {
            return Float.NaN;
        }
        float value = (float) number(slot);
        if (Float.isInfinite(value)) {
            throw bad(slot, "must be within +-3.4028235e38");
        }
        return value;
    }

    /** The value as a finite number, of a slot that is not missing. */
    double number(int slot) throws BadEvent {
        double value = switch (kinds[slot]) {
            case INTEGER, TRUTH -> integers[slot];
            case INSTANT -> integers[slot] / 1000.0;
            case DECIMAL, SINGLE -> decimals[slot];
            case UNTYPED -> spelled(slot);
            default -> throw bad(slot, "is not a number");
        };
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw bad(slot, "must be a finite number");
        }
        return value;
    }

    private double spelled(int slot) throws BadEvent {
        String text = spelling(slot);
        double value = Text.number(text);
        if (!Double.isNaN(value)) {
            return value;
        }
        return switch (text.strip()) {
            case "true" -> 1;
            case "false" -> 0;
            case "Infinity", "-Infinity", "inf", "-inf" -> throw bad(slot, "must be a finite number");
            default -> throw bad(slot, "is not a number");
        };
    }

    /** The value as text, of a slot that is not missing; whole numbers have no fraction. */
    String text(int slot) throws BadEvent {
        return switch (kinds[slot]) {
            case INTEGER, INSTANT -> Long.toString(integers[slot]);
            case TRUTH -> Boolean.toString(integers[slot] == 1);
            case DECIMAL, SINGLE -> decimalText(slot);
            case TEXT, UNTYPED -> spelling(slot);
            default -> throw bad(slot, "is not text");
        };
    }

    private String decimalText(int slot) throws BadEvent {
        double value = number(slot);
        if (kinds[slot] == Kind.DECIMAL && texts[slot] != null) {
            return spelling(slot);
        }
        boolean plain = kinds[slot] == Kind.DECIMAL || value == Math.rint(value);
        return plain ? Settings.plain(value) : Float.toString((float) value);
    }

    /** The value as milliseconds since 1970 UTC, in the years 1 to 9999, of a slot that is not missing. */
    long time(int slot, TimeUnit unit) throws BadEvent {
        long millis = switch (kinds[slot]) {
            case INSTANT -> integers[slot];
            case INTEGER -> unit.toMillis(integers[slot]);
            case DECIMAL, SINGLE -> EventTime.of(number(slot), unit);
            case TEXT, UNTYPED -> numeric(slot) ? EventTime.of(number(slot), unit) : iso(slot);
            default -> throw bad(slot, "is not a time");
        };
        if (!EventTime.plausible(millis)) {
            throw bad(
                    slot,
                    "is not a time in the years 1 to 9999, read as "
                            + unit.name().toLowerCase(Locale.ROOT));
        }
        return millis;
    }

    private long iso(int slot) throws BadEvent {
        try {
            return EventTime.of(spelling(slot).strip());
        } catch (DateTimeException | ArithmeticException e) { // the latter for years beyond a long's milliseconds
            throw bad(slot, "is not a time in ISO 8601");
        }
    }

    /** What is wrong with the value of a slot: its name, the value, the rule. */
    BadEvent bad(int slot, String rule) {
        return new BadEvent(names[slot] + "=" + shown(slot) + " " + rule);
    }

    /** A slot that must not be missing, is. */
    BadEvent lacking(int slot, String part) {
        return new BadEvent(names[slot] + " is missing, but it is the event's " + part);
    }

    private String shown(int slot) {
        return switch (kinds[slot]) {
            case MISSING -> "null";
            case INTEGER, INSTANT -> Long.toString(integers[slot]);
            case TRUTH -> Boolean.toString(integers[slot] == 1);
            case DECIMAL, SINGLE ->
                texts[slot] == null || kinds[slot] == Kind.SINGLE
                        ? Double.toString(decimals[slot])
                        : Text.shortened(spelling(slot));
            case TEXT, UNTYPED -> '"' + Text.shortened(spelling(slot)) + '"';
            case NESTED -> "(nested)";
        };
    }

    private String spelling(int slot) {
        return String.valueOf(texts[slot]);
    }
}
