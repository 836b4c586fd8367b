package io.millrace.connectors.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes one line of delimited text per record, without a line end; absent fields are empty. */
final class CsvRecordWriter implements RecordWriter {
    private final List<String> header;
    private final CsvWriter.CsvWriterBuilder csv;

    CsvRecordWriter(List<String> header, char delimiter) {
        this.header = header;
        csv = CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(LineDelimiter.LF)
                .autoFlush(true);
    }

    @Override
    public byte[] write(ObjectNode fields) {
        StringWriter written = new StringWriter();
        csv.build(written)
                .writeRecord(header.stream().map(name -> text(fields, name)).toList());
        String line = written.toString();
        return line.substring(0, line.length() - 1).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ObjectNode fields, String name) {
        return fields.path(name).asText();
    }
}
