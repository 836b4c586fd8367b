package io.millrace.connectors.event;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the bytes of one record hold its fields. */
public sealed interface Format extends Serializable {

    /**
     * What this format says of its records.
     *
     * @param directory where a relative path begins
     * @throws IllegalArgumentException if it does not say enough to read them
     */
    RecordLayout layout(Path directory);

    /** Avro's binary encoding, one record without header or schema id. */
    @Term(value = "avro", about = "Avro's binary encoding, one record without header or schema id")
    record Avro(
            @Setting(
                    value = "path of the .avsc file; needed to read, derived when predictions are written",
                    optional = true,
                    atLeast = 1)
            @Nullable
            String schema)
            implements Format {
        public Avro {
            Settings.check(Avro.class, schema);
        }

        @Override
        public RecordLayout layout(Path directory) {
            if (schema == null) {
                throw new IllegalArgumentException("schema must be given to read Avro");
            }
            return AvroLayout.of(schema, directory);
        }
    }

    /** One JSON object per record, in UTF-8; a field that is absent or null is missing. */
    @Term(value = "json", about = "one JSON object per record, in UTF-8")
    record Json() implements Format {
        @Override
        public RecordLayout layout(Path directory) {
            return new JsonLayout(false);
        }
    }

    /**
     * One line per record, in UTF-8; fields may be quoted.
     *
     * <p>An empty field, {@code NA}, {@code NaN}, {@code null} and {@code ?} are missing.
     */
    @Term(value = "csv", about = "one line of delimited text per record, in UTF-8")
    record Csv(
            @Setting(
                    value = "names of the columns; a file's first line when left out, needed for a topic",
                    optional = true,
                    atLeast = 1)
            @Nullable
            List<String> header,

            @Setting(value = "what stands between two fields, one character", byDefault = ",", atLeast = 1, atMost = 1)
            String delimiter)
            implements Format {
        public Csv {
            header = header == null ? null : List.copyOf(header);
            Settings.check(Csv.class, header, delimiter);
            if (header != null && new HashSet<>(header).size() != header.size()) {
                throw new IllegalArgumentException("header=" + header + " must name every column once");
            }
        }

        @Override
        public RecordLayout layout(Path directory) {
            if (header == null) {
                throw new IllegalArgumentException("header must be given to read CSV from a topic");
            }
            return new CsvLayout(header, delimiter.charAt(0));
        }
    }
}
