package io.millrace.connectors.event;

import io.millrace.models.Problem;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one kind of record: bytes in, a sample or a dead letter out, for any bytes whatever.
 *
 * <p>Travels inside the job graph with everything it needs, the Avro schema included. Used by one thread.
 */
public final class EventReader implements Serializable {
    /** The key of every sample where events name none: one model learns from all of them. */
    public static final String SHARED_KEY = "shared";

    private final RecordLayout layout;
    private final EventPlan plan;
    private final EventFields event;
    private final Label label;

    private final transient EventDecoder decoder; // these three are rebuilt at every start
    private final transient Fields fields;
    private final transient FeatureEncoder encoder;

    private EventReader(RecordLayout layout, EventPlan plan, EventFields event, Label label) {
        this.layout = layout;
        this.plan = plan;
        this.event = event;
        this.label = label;
        decoder = layout.decoder(plan.names());
        fields = new Fields(plan.names());
        encoder = new FeatureEncoder(plan, event.timeUnit(), label);
    }

    /**
     * A reader of one format.
     *
     * @param features in the order of the model's inputs; when empty, every field that plays no other part, which
     *     Avro and CSV know of and JSON does not
     * @param directory where a relative path of the format begins
     * @throws IllegalArgumentException naming a field that the records do not have, or that is of an unfit type
     */
    public static EventReader of(
            Format format, EventFields event, Label label, List<Feature> features, Path directory) {
        RecordLayout layout = format.layout(directory);
        return new EventReader(layout, EventPlan.of(layout, event, label, features), event, label);
    }

    /** What a model of these events is fed and what it predicts. */
    public Problem problem() {
        return new Problem(plan.inputs(), label.target());
    }

    /** The features that a model is fed: those that were given, or those found in their place. */
    public List<Feature> features() {
        return plan.features();
    }

    /**
     * Reads one record; never throws, whatever the bytes are.
     *
     * @param key the record's key, kept in a dead letter only
     * @param value the record; null is a dead letter
     */
    public Decoded read(byte @Nullable [] key, byte @Nullable [] value, Origin origin) {
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

    /** Deserialization goes through the constructor, which builds what does not travel. */
    private Object readResolve() {
        return new EventReader(layout, plan, event, label);
    }
}
