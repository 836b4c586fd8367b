package io.millrace.connectors.event;

import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;

/**
 * Values of one Avro schema, without header or schema id, as JSON text; belongs to one thread.
 *
 * <p>Avro's own reader makes room for as many items as an array announces. So every value is looked through before, and
 * one that announces more than it holds is refused.
 */
public final class AvroText {
    private final Schema schema;
    private final AvroCursor cursor = new AvroCursor();
    private final GenericDatumReader<Object> reader;

    public AvroText(Schema schema) {
        this.schema = schema;
        reader = new GenericDatumReader<>(schema);
        cursor.enter("the value");
    }

    /**
     * One line of JSON.
     *
     * @throws IOException if the bytes are not a value of the schema
     */
    public String json(byte[] value) throws IOException {
        try {
            cursor.open(value);
            cursor.skip(schema);
            Object datum = reader.read(null, DecoderFactory.get().binaryDecoder(value, null));
            return reader.getData().toString(datum);
        } catch (BadEvent | AvroRuntimeException e) {
            throw new IOException("the value is not of the schema", e);
        }
    }
}
