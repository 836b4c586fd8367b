package io.millrace.connectors.event;

/** Takes the wanted fields out of the bytes of one record. Used by one thread. */
public interface EventDecoder {

    /**
     * Reads one record.
     *
     * @param record the whole record, not changed; may be anything at all
     * @param into cleared; holds the wanted fields afterwards, absent ones are left missing
     * @throws BadEvent if the bytes are not one record of this format
     */
    void decode(byte[] record, Fields into) throws BadEvent;
}
