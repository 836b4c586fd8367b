package io.millrace.connectors.event;

import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way from bytes to a sample or dead letter: fields are decoded, then encoded. Used by one thread. */
final class Decoding {
    private final EventDecoder decoder;
    private final Fields fields;
    private final Encoder encoder;

    /** Makes a sample of the fields of one record. */
    interface Encoder {
        Sample encode(Fields fields, Origin origin) throws BadEvent;
    }

    /**
     * @param names the fields to decode, by slot
     */
    Decoding(RecordLayout layout, List<String> names, Encoder encoder) {
        decoder = layout.decoder(names);
        fields = new Fields(names);
        this.encoder = encoder;
    }

    /** True if the record read last has nothing in a slot. */
    boolean missing(int slot) {
        return fields.missing(slot);
    }

    Decoded read(byte @Nullable [] key, byte @Nullable [] value, Origin origin) {
        try {
            if (value == null) {
                throw new BadEvent("the record has no value");
            }
            fields.clear();
            decoder.decode(value, fields);
            return new Decoded(encoder.encode(fields, origin), null);
        } catch (BadEvent e) {
            return new Decoded(null, new DeadLetter(e.reason(), origin, key, value));
        } catch (RuntimeException e) {
            return new Decoded(null, new DeadLetter("the record cannot be read: " + e, origin, key, value));
        }
    }
}
