package io.millrace.connectors.event;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.StringArrayHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a text apart into lines, or into rows of CSV, of which one has several lines if a quoted field has. */
final class Lines {
    private static final char QUOTE = '"';
    private static final int LONGEST_QUOTE = 1 << 16; // characters; a quote that stands open for longer is a stray one

    private final BufferedReader reader;
    private final CsvReader.CsvReaderBuilder csv;
    private final List<String> ahead = new ArrayList<>(); // read, but not taken
    private long first;
    private long next = 1; // number of the line that is taken next

    Lines(BufferedReader reader, CsvReader.CsvReaderBuilder csv) {
        this.reader = reader;
        this.csv = csv;
    }

    /** The line that what was taken last begins with; the first is number 1. */
    long first() {
        return first;
    }

    /** Takes a line; null after the last. */
    @Nullable
    String line() throws IOException {
        look(1);
        return take(1);
    }

    /** Takes a row, of which only the first line if it has a quote without an end; null after the last. */
    @Nullable
    String row() throws IOException {
        int length = 0;
        boolean open = false;
        for (int count = 1; length < LONGEST_QUOTE && look(count); count++) {
            String line = ahead.get(count - 1);
            length += line.length() + 1;
            open = endsInQuotes(open ? QUOTE + line : line);
            if (!open) {
                return take(count);
            }
        }
        return take(1);
    }

    /** Whether a row goes on after this line: then the CSV library takes a further line for part of it. */
    private boolean endsInQuotes(String line) {
        if (line.indexOf(QUOTE) < 0) {
            return false;
        }
        try {
            Iterator<String[]> rows =
                    csv.build(StringArrayHandler.of(), line + "\nfurther").iterator();
            rows.next();
            return !rows.hasNext();
        } catch (CsvParseException e) {
            return false;
        }
    }

    private @Nullable String take(int count) {
        List<String> taken = ahead.subList(0, Math.min(count, ahead.size()));
        String text = taken.isEmpty() ? null : String.join("\n", taken);
        first = next;
        next += count;
        taken.clear();
        return text;
    }

    /** Reads ahead, if there are so many lines. */
    private boolean look(int count) throws IOException {
        while (ahead.size() < count) {
            String line = read();
            if (line == null) {
                return false;
            }
            ahead.add(line);
        }
        return true;
    }

    private @Nullable String read() throws IOException {
        try {
            return reader.readLine();
        } catch (CharacterCodingException e) {
            throw notUtf8(next + ahead.size(), e);
        }
    }

    /** Lines are decoded some thousand characters ahead, so that only the neighbourhood is known. */
    static IllegalArgumentException notUtf8(long line, CharacterCodingException cause) {
        return new IllegalArgumentException("line " + line + " or one soon after it is not UTF-8 text", cause);
    }
}
