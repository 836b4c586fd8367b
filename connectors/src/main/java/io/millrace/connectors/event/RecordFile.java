package io.millrace.connectors.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.StringArrayHandler;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text file record by record, as the bytes of a format: JSON objects, one per line, if it begins with a
 * brace, else CSV whose first line names the columns and whose quoted fields may hold line breaks.
 *
 * <p>Records that have the format already come as they are, good or bad; others are converted. Empty lines are skipped.
 */
public final class RecordFile implements Closeable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final BufferedReader text;
    private final Lines lines;
    private final boolean objects;
    private final Format format;
    private final @Nullable RecordWriter writer; // null where lines need no conversion
    private final List<String> header; // empty for JSON
    private final CsvReader.CsvReaderBuilder csv;
    private final ObjectMapper json = new ObjectMapper();
    private String last = "";

    private RecordFile(BufferedReader text, boolean objects, Format given, Path directory, Set<String> names)
            throws IOException {
        this.text = text;
        this.objects = objects;
        Format.Csv dialect = given instanceof Format.Csv written ? written : new Format.Csv(null, ",");
        csv = CsvReader.builder().fieldSeparator(dialect.delimiter().charAt(0)).skipEmptyLines(false);
        lines = new Lines(text, csv);
        header = objects ? List.of() : columns();
        format = given instanceof Format.Csv && dialect.header() == null && !objects
                ? new Format.Csv(header, dialect.delimiter())
                : given;
        boolean same = objects
                ? format instanceof Format.Json
                : format instanceof Format.Csv columns && header.equals(columns.header());
        writer = same ? null : format.layout(directory).writer(names);
    }

    /**
     * Opens a file.
     *
     * @param format what its records shall be
     * @param directory where a relative path of the format begins
     * @param names fields that tell one thing from another: where a format has types, they stay as they are spelled
     * @throws IllegalArgumentException if the format cannot be written, a CSV file has no first line, or what it begins with
     *     is not UTF-8
     */
    public static RecordFile open(Path file, Format format, Path directory, Set<String> names) throws IOException {
        BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        try {
            if (next(lines) == BYTE_ORDER_MARK) {
                lines.read();
            }
            return new RecordFile(lines, next(lines) == '{', format, directory, names);
        } catch (CharacterCodingException e) {
            lines.close();
            throw Lines.notUtf8(1, e);
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    /** The first character that was not read yet. */
    private static int next(BufferedReader lines) throws IOException {
        lines.mark(1);
        int next = lines.read();
        lines.reset();
        return next;
    }

    /** The format of the records; CSV has the file's own header if it was given none. */
    public Format format() {
        return format;
    }

    /** The line of the file that the record read last begins with; the first is number 1. */
    public long line() {
        return lines.first();
    }

    /**
     * The next record, null after the last.
     *
     * @throws IllegalArgumentException if a line cannot be converted or is not UTF-8, with its number and the reason
     */
    public byte @Nullable [] next() throws IOException {
        String text = read();
        while (text != null && text.isBlank()) {
            text = read();
        }
        if (text == null) {
            return null;
        }
        last = text;
        try {
            return writer == null ? text.getBytes(StandardCharsets.UTF_8) : writer.write(fields(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + line() + ": " + e.getMessage(), e);
        }
    }

    /** What the record read last has in a field, as text; null if that is missing or the record unreadable. */
    public @Nullable String text(String field) {
        try {
            JsonNode value = fields(last).get(field);
            return value == null || value.isNull() ? null : value.asText();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable String read() throws IOException {
        return objects ? lines.line() : lines.row();
    }

    private List<String> columns() throws IOException {
        String first = read();
        if (first == null || first.isBlank()) {
            throw new IllegalArgumentException("the file's first line is empty: it must name the columns");
        }
        List<String> names = List.of(split(first));
        Set<String> met = new HashSet<>();
        for (String name : names) {
            if (!name.isBlank() && !met.add(name)) { // columns without a name may be many
                throw new IllegalArgumentException("the file's first line names the column \"" + name + "\" twice");
            }
        }
        return names;
    }

    private ObjectNode fields(String text) {
        return objects ? object(text) : row(split(text));
    }

    private ObjectNode object(String text) {
        try {
            JsonNode node = json.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException("is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private ObjectNode row(String[] values) {
        if (values.length != header.size()) {
            throw new IllegalArgumentException(
                    "has " + values.length + " fields, but the first line names " + header.size());
        }
        ObjectNode row = json.createObjectNode();
        for (int column = 0; column < values.length; column++) {
            row.put(header.get(column), values[column]);
        }
        return row;
    }

    private String[] split(String text) {
        try {
            return csv.build(StringArrayHandler.of(), text).iterator().next();
        } catch (CsvParseException e) {
            throw new IllegalArgumentException("is not valid CSV: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
