package io.millrace.connectors.event;

import io.millrace.models.Inputs;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes samples of decoded fields. Used by one thread. */
final class FeatureEncoder {
    /** Longest key or id, in characters. */
    private static final int LONGEST_NAME = 1_000;

    private final EventPlan plan;
    private final TimeUnit timeUnit;
    private final LabelReader label;
    private final int[] buckets; // per categorical feature

    FeatureEncoder(EventPlan plan, TimeUnit timeUnit, Label label) {
        this.plan = plan;
        this.timeUnit = timeUnit;
        this.label = LabelReader.of(label);
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
    Sample encode(Fields fields, Origin origin) throws BadEvent {
        return new Sample(
                plan.key() < 0 ? EventReader.SHARED_KEY : name(fields, plan.key(), "key"),
                id(fields, origin),
                time(fields, origin),
                features(fields),
                label.read(fields, plan.labels()),
                weight(fields),
                Sample.Kind.BOTH,
                origin);
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
        return plan.id() < 0 || fields.missing(plan.id())
                ? origin.partition() + "-" + origin.offset()
                : name(fields, plan.id(), "id");
    }

    private static String name(Fields fields, int slot, String part) throws BadEvent {
        if (fields.missing(slot)) {
            throw fields.lacking(slot, part);
        }
        String name = fields.text(slot);
        if (name.length() > LONGEST_NAME) {
            throw fields.bad(slot, "has " + name.length() + " characters, the " + part + " may have " + LONGEST_NAME);
        }
        return name;
    }

    private long time(Fields fields, Origin origin) throws BadEvent {
        if (plan.time() < 0) {
            return origin.timestamp();
        }
        if (fields.missing(plan.time())) {
            throw fields.lacking(plan.time(), "time");
        }
        return fields.time(plan.time(), timeUnit);
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
