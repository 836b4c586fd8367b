package io.millrace.jobs.spec;

import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory. Its text is {@code 256 MB}; a KB is 1,024 bytes, as in Flink's own settings.
 *
 * @param count at least 1
 */
@Term(value = "bytes", about = "An amount of memory such as 256 MB or 2 GB.")
public record Bytes(long count) implements Serializable {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9}) ?([kmg]b)", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmg";

    public Bytes {
        if (count < 1) {
            throw new IllegalArgumentException("found " + count + " bytes: must be >= 1");
        }
    }

    /**
     * Reads what {@code toString} writes.
     *
     * @throws IllegalArgumentException if the text is no amount of memory
     */
    public static Bytes parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("expected an amount of memory such as 256 MB, found \"" + text + "\"");
        }
        int unit = UNITS.indexOf(written.group(2).toLowerCase(Locale.ROOT).charAt(0)) + 1;
        return new Bytes(Long.parseLong(written.group(1)) << (10 * unit));
    }

    /** In the largest unit that keeps it whole; what is less than a KB is rounded up. */
    @Override
    public String toString() {
        long size = (count + 1023) >> 10;
        int unit = 0;
        while (unit < UNITS.length() - 1 && size % 1024 == 0) {
            size /= 1024;
            unit++;
        }
        return size + " " + Character.toUpperCase(UNITS.charAt(unit)) + "B";
    }
}
