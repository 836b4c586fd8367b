package io.millrace.connectors.event;

import io.millrace.state.records.Origin;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Reads one kind of record. Travels inside the job graph with everything it needs. Used by one thread. */
public interface SampleReader extends Serializable {

    /**
     * Reads one record; never throws, whatever the bytes are.
     *
     * @param key the record's key, kept in a dead letter only
     * @param value the record; null is a dead letter
     */
    Decoded read(byte @Nullable [] key, byte @Nullable [] value, Origin origin);
}
