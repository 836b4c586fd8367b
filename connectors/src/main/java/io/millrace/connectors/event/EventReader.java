package io.millrace.connectors.event;

import io.millrace.models.Problem;
import io.millrace.state.records.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one kind of record: bytes in, a sample or a dead letter out, for any bytes whatever.
 *
 * <p>Travels inside the job graph with everything it needs, the Avro schema included. Used by one thread.
 */
public final class EventReader implements SampleReader {
    /** The key of every sample where events name none: one model learns from all of them. */
    public static final String SHARED_KEY = "shared";

    private final RecordLayout layout;
    private final EventPlan plan;
    private final EventFields event;
    private final Label label;
    private final LabelPlace place;

    private final transient Decoding decoding; // rebuilt at every start

    private EventReader(RecordLayout layout, EventPlan plan, EventFields event, Label label, LabelPlace place) {
        this.layout = layout;
        this.plan = plan;
        this.event = event;
        this.label = label;
        this.place = place;
        decoding = new Decoding(layout, plan.names(), new FeatureEncoder(plan, event.timeUnit(), label, place));
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
        return of(format, event, label, LabelPlace.WITH_EVENT, features, directory);
    }

    /**
     * A reader of one format, whose labels may be found elsewhere. If they look for their events, a record that has no
     * id is a dead letter; if they do so in the events' own topic, a record with a label and without any feature is a
     * label alone.
     */
    public static EventReader of(
            Format format, EventFields event, Label label, LabelPlace place, List<Feature> features, Path directory) {
        RecordLayout layout = format.layout(directory);
        EventPlan plan = EventPlan.of(layout, event, label, place, features);
        return new EventReader(layout, plan, event, label, place);
    }

    /**
     * A reader of questions about events: JSON objects with the fields of an event, of which key, id and features are
     * read as from the events themselves. What the model was to learn, and when and how strongly, is not asked for.
     *
     * @param format of the events; where that is CSV, a text may spell a number or a missing value, as it does there
     * @param features in the order of the model's inputs
     */
    public static EventReader ofQuestions(Format format, EventFields event, Label label, List<Feature> features) {
        RecordLayout layout = new JsonLayout(format instanceof Format.Csv);
        EventFields asked =
                new EventFields(event.key(), event.id(), null, event.timeUnit(), event.outOfOrderness(), null);
        EventPlan plan = EventPlan.of(layout, asked, label, LabelPlace.NOWHERE, features);
        return new EventReader(layout, plan, asked, label, LabelPlace.NOWHERE);
    }

    /** What a model of these events is fed and what it predicts. */
    public Problem problem() {
        return new Problem(plan.inputs(), label.target());
    }

    /** The features that a model is fed: those that were given, or those found in their place. */
    public List<Feature> features() {
        return plan.features();
    }

    /** The fields that a model is fed and that the record read last does not have. */
    public List<String> missing() {
        return IntStream.concat(IntStream.of(plan.numeric()), IntStream.of(plan.categorical()))
                .filter(decoding::missing)
                .mapToObj(plan.names()::get)
                .toList();
    }

    @Override
    public Decoded read(byte @Nullable [] key, byte @Nullable [] value, Origin origin) {
        return decoding.read(key, value, origin);
    }

    /** Deserialization goes through the constructor, which builds what does not travel. */
    private Object readResolve() {
        return new EventReader(layout, plan, event, label, place);
    }
}
