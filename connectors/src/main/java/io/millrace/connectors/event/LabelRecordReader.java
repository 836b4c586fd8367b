package io.millrace.connectors.event;

import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads records that hold nothing but a label and the key and id of the event it belongs to. */
public final class LabelRecordReader implements SampleReader {
    private static final float[] NO_FEATURES = {};

    private final RecordLayout layout;
    private final EventFields names;
    private final Label label;
    private final transient Decoding decoding; // rebuilt at every start

    private LabelRecordReader(RecordLayout layout, EventFields names, Label label) {
        this.layout = layout;
        this.names = names;
        this.label = label;
        EventPlan.Slots slots = new EventPlan.Slots(layout);
        int key = slots.optional("key", names.key());
        int id = slots.optional("id", names.id());
        int time = slots.optional("time", names.time());
        int[] value = slots.label(label);
        LabelReader labels = LabelReader.of(label);
        decoding = new Decoding(layout, slots.names(), (fields, origin) -> {
            float[] known = labels.read(fields, value);
            if (known.length == 0) {
                throw fields.lacking(value[0], "label");
            }
            return new Sample(
                    FeatureEncoder.key(fields, key),
                    FeatureEncoder.name(fields, id, "id"),
                    FeatureEncoder.time(fields, time, names.timeUnit(), origin),
                    NO_FEATURES,
                    known,
                    1,
                    Sample.Kind.LABEL,
                    origin);
        });
    }

    /**
     * A reader of one format.
     *
     * @param names where a label says which event it belongs to; its id must be given
     * @param directory where a relative path of the format begins
     * @throws IllegalArgumentException naming a field that the records do not have, or that is of an unfit type
     */
    public static LabelRecordReader of(Format format, EventFields names, Label label, Path directory) {
        if (names.id() == null) {
            throw new IllegalArgumentException("id must be given: labels find their events by it");
        }
        return new LabelRecordReader(format.layout(directory), names, label);
    }

    @Override
    public Decoded read(byte @Nullable [] key, byte @Nullable [] value, Origin origin) {
        return decoding.read(key, value, origin);
    }

    /** Deserialization goes through the constructor, which builds what does not travel. */
    private Object readResolve() {
        return new LabelRecordReader(layout, names, label);
    }
}
