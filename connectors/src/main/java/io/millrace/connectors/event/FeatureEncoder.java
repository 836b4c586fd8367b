package io.millrace.connectors.event;

import io.millrace.models.Inputs;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes samples of decoded fields. Used by one thread. */
final class FeatureEncoder implements Decoding.Encoder {
    /** Longest key or id, in characters. */
    private static final int LONGEST_NAME = 1_000;

    private static final float[] NO_FEATURES = {};

    private final EventPlan plan;
    private final TimeUnit timeUnit;
    private final LabelReader label;
    private final LabelPlace place;
    private final int[] buckets; // per categorical feature

    FeatureEncoder(EventPlan plan, TimeUnit timeUnit, Label label, LabelPlace place) {
        this.plan = plan;
        this.timeUnit = timeUnit;
        this.label = LabelReader.of(label);
        this.place = place;
        List<Inputs.Category> categories = plan.inputs().categories();
        buckets = categories.stream().mapToInt(Inputs.Category::buckets).toArray();
    }

    /**
     * One event.
     *
     * @param fields in the slots of the plan
     * @param origin where they were read; stands in for an id and a time that the event does not have
     * @throws BadEvent naming the first field that does not fit
     */
    @Override
    public Sample encode(Fields fields, Origin origin) throws BadEvent {
        float[] value = plan.labels().length == 0 ? LabelReader.UNKNOWN : label.read(fields, plan.labels());
        boolean alone = place == LabelPlace.LATER_IN_TOPIC && value.length > 0 && featureless(fields);
        return new Sample(
                key(fields, plan.key()),
                id(fields, origin),
                time(fields, plan.time(), timeUnit, origin),
                alone ? NO_FEATURES : features(fields),
                value,
                weight(fields),
                alone ? Sample.Kind.LABEL : Sample.Kind.BOTH,
                origin);
    }

    private boolean featureless(Fields fields) {
        for (int slot : plan.numeric()) {
            if (!fields.missing(slot)) {
                return false;
            }
        }
        for (int slot : plan.categorical()) {
            if (!fields.missing(slot)) {
                return false;
            }
        }
        return true;
    }

    private float[] features(Fields fields) throws BadEvent {
        int[] numeric = plan.numeric();
        int[] categorical = plan.categorical();
        float[] features = new float[numeric.length + categorical.length];
        for (int i = 0; i < numeric.length; i++) {
            features[i] = fields.single(numeric[i]);
        }
        for (int i = 0; i < categorical.length; i++) {
            features[numeric.length + i] = bucket(fields, categorical[i], buckets[i]);
        }
        return features;
    }

    private static int bucket(Fields fields, int slot, int buckets) throws BadEvent {
        return fields.missing(slot) ? CategoryHash.missing(buckets) : CategoryHash.bucket(fields.text(slot), buckets);
    }

    private String id(Fields fields, Origin origin) throws BadEvent {
        return !place.needsId() && (plan.id() < 0 || fields.missing(plan.id()))
                ? origin.partition() + "-" + origin.offset()
                : name(fields, plan.id(), "id");
    }

    /** The key in a slot, or the key of all if there is none. */
    static String key(Fields fields, int slot) throws BadEvent {
        return slot < 0 ? EventReader.SHARED_KEY : name(fields, slot, "key");
    }

    static String name(Fields fields, int slot, String part) throws BadEvent {
        if (fields.missing(slot)) {
            throw fields.lacking(slot, part);
        }
        String name = fields.text(slot);
        if (name.length() > LONGEST_NAME) {
            throw fields.bad(slot, "has " + name.length() + " characters, the " + part + " may have " + LONGEST_NAME);
        }
        if (!Text.writable(name)) { // in snapshots, two such keys would become the same
            throw fields.bad(slot, "holds half a character, the " + part + " must be text that UTF-8 can hold");
        }
        return name;
    }

    /** The time in a slot, or the record's own if there is none. */
    static long time(Fields fields, int slot, TimeUnit unit, Origin origin) throws BadEvent {
        if (slot < 0) {
            return ofTheRecord(origin);
        }
        if (fields.missing(slot)) {
            throw fields.lacking(slot, "time");
        }
        return fields.time(slot, unit);
    }

    private static long ofTheRecord(Origin origin) throws BadEvent {
        if (!EventTime.plausible(origin.timestamp())) {
            throw new BadEvent("the record's timestamp=" + origin.timestamp() + " is not in the years 1 to 9999");
        }
        return origin.timestamp();
    }

    private float weight(Fields fields) throws BadEvent {
        if (plan.weight() < 0 || fields.missing(plan.weight())) {
            return 1;
        }
        float weight = fields.single(plan.weight());
        if (weight < 0) {
            throw fields.bad(plan.weight(), "must be >= 0, it is the event's weight");
        }
        return weight;
    }
}
