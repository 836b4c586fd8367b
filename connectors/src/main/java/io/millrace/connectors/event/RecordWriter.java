package io.millrace.connectors.event;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes one record. Used by one thread. */
public interface RecordWriter {

    /**
     * The record's bytes.
     *
     * @param fields its fields by name; text is converted to the type that the layout asks for
     * @throws IllegalArgumentException naming the field that does not fit
     */
    byte[] write(ObjectNode fields);
}
