package io.millrace.connectors.event;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.StringArrayHandler;
import java.util.Iterator;
import java.util.List;

/** Reads one line of delimited text per record. */
final class CsvDecoder implements EventDecoder {
    private final CsvReader.CsvReaderBuilder csv;
    private final int columns;
    private final int[] wanted; // the column of each slot

    CsvDecoder(List<String> header, char delimiter, List<String> names) {
        csv = CsvReader.builder().fieldSeparator(delimiter).skipEmptyLines(false);
        columns = header.size();
        wanted = names.stream().mapToInt(header::indexOf).toArray();
    }

    @Override
    public void decode(byte[] record, Fields into) throws BadEvent {
        String[] fields = split(Text.utf8(record, 0, record.length));
        if (fields.length != columns) {
            throw new BadEvent("the record has " + fields.length + " fields, but the CSV header " + columns);
        }
        for (int slot = 0; slot < wanted.length; slot++) {
            into.untyped(slot, fields[wanted[slot]]);
        }
    }

    private String[] split(String line) throws BadEvent {
        try {
            Iterator<String[]> lines = csv.build(StringArrayHandler.of(), line).iterator();
            String[] fields = lines.hasNext() ? lines.next() : new String[0];
            if (lines.hasNext()) {
                throw new BadEvent("the record has more than one line of CSV");
            }
            return fields;
        } catch (CsvParseException e) {
            throw new BadEvent("the record is not valid CSV: " + e.getMessage());
        }
    }
}
