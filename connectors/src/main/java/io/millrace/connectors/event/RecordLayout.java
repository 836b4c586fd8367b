package io.millrace.connectors.event;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the records of a {@link Format} before the first is read. Travels inside the job graph. */
public interface RecordLayout extends Serializable {

    /** The fields in their order; null if every record brings its own. */
    @Nullable
    Map<String, FieldType> fields();

    /** Where a message says the names come from, as in {@code the Avro schema event.avsc}. */
    String source();

    /** Reads the named fields; the slot of a field is its index among the names. */
    EventDecoder decoder(List<String> names);

    /**
     * Writes records of this layout.
     *
     * @param names fields that tell one thing from another, so that 007 is not 7
     */
    RecordWriter writer(Set<String> names);
}
