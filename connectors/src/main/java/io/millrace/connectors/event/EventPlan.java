package io.millrace.connectors.event;

import io.millrace.models.Inputs;
import io.millrace.models.spec.Nearest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a record are read, and which part each plays.
 *
 * @param names the fields to read; slots below are indices into them, -1 where a part has no field
 * @param labels slots of the label's fields
 * @param numeric slots of the numeric features
 * @param categorical slots of the categorical features, in the order of the inputs' categories
 * @param features what the slots were found for
 */
record EventPlan(
        List<String> names,
        int key,
        int id,
        int time,
        int weight,
        int[] labels,
        int[] numeric,
        int[] categorical,
        List<Feature> features,
        Inputs inputs)
        implements Serializable {

    /**
     * Finds every field in the layout.
     *
     * @param features in the order of the model's inputs; when empty, every field that plays no other part
     * @throws IllegalArgumentException naming the first field that is not there or of an unfit type
     */
    static EventPlan of(RecordLayout layout, EventFields event, Label label, LabelPlace place, List<Feature> features) {
        if (place.needsId() && event.id() == null) {
            throw new IllegalArgumentException("id must be given: labels find their events by it");
        }
        Slots slots = new Slots(layout);
        int key = slots.optional("key", event.key());
        int id = slots.optional("id", event.id());
        int time = slots.optional("time", event.time());
        int weight = event.weight() == null ? -1 : slots.number("weight", event.weight());
        int[] labels = place.inRecords() ? slots.label(label) : new int[0];
        List<Feature> all = features.isEmpty() ? remaining(layout, slots.names, label.allFields()) : features;
        requireNoLabel(all, label);
        List<Inputs.Category> categories = new ArrayList<>();
        List<Integer> numeric = new ArrayList<>();
        List<Integer> categorical = new ArrayList<>();
        for (Feature feature : all) {
            if (feature instanceof Feature.Categorical category) {
                categorical.add(slots.any("features", category.field()));
                categories.add(new Inputs.Category(category.buckets(), category.dimension()));
            } else {
                feature.names().forEach(name -> numeric.add(slots.number("features", name)));
            }
        }
        Inputs inputs = new Inputs(numeric.size(), categories);
        return new EventPlan(
                slots.names(), key, id, time, weight, labels, ints(numeric), ints(categorical), all, inputs);
    }

    private static void requireNoLabel(List<Feature> features, Label label) {
        List<String> names =
                features.stream().flatMap(feature -> feature.names().stream()).toList();
        label.allFields().stream().filter(names::contains).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("features=" + name + " is the label; a model must not see it");
        });
        names.stream()
                .filter(name -> names.indexOf(name) != names.lastIndexOf(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("features=" + name + " is named twice");
                });
    }

    private static List<Feature> remaining(RecordLayout layout, List<String> taken, List<String> labels) {
        Map<String, FieldType> fields = layout.fields();
        if (fields == null) {
            throw new IllegalArgumentException(
                    "features must be given: " + layout.source() + " does not say what fields there are");
        }
        List<String> numbers = new ArrayList<>();
        List<Feature> features = new ArrayList<>();
        fields.forEach((name, type) -> {
            boolean free = !taken.contains(name) && !labels.contains(name);
            if (free && type.mayBeNumber() && type != FieldType.MIXED) {
                numbers.add(name);
            } else if (free && type == FieldType.TEXT) {
                features.add(new Feature.Categorical(name));
            }
        });
        if (!numbers.isEmpty()) {
            features.add(0, new Feature.Numeric(numbers));
        }
        if (features.isEmpty()) {
            throw new IllegalArgumentException(
                    "features must be given: " + layout.source() + " has no field left over");
        }
        return features;
    }

    private static int[] ints(List<Integer> slots) {
        return slots.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Hands out a slot per field, however many parts it plays. */
    static final class Slots {
        private final RecordLayout layout;
        private final @Nullable Map<String, FieldType> fields;
        private final List<String> names = new ArrayList<>();

        Slots(RecordLayout layout) {
            this.layout = layout;
            fields = layout.fields();
        }

        /** The fields that have a slot, in order. */
        List<String> names() {
            return List.copyOf(names);
        }

        int[] label(Label label) {
            return label.allFields().stream()
                    .mapToInt(field -> label.numeric() ? number("label", field) : any("label", field))
                    .toArray();
        }

        int optional(String part, @Nullable String field) {
            return field == null ? -1 : any(part, field);
        }

        int number(String part, String field) {
            FieldType type = type(part, field);
            if (!type.mayBeNumber()) {
                throw new IllegalArgumentException(
                        part + "=" + field + " must be a number, but is " + type + " in " + layout.source());
            }
            return slot(field);
        }

        int any(String part, String field) {
            FieldType type = type(part, field);
            if (type == FieldType.OTHER) {
                throw new IllegalArgumentException(part + "=" + field + " is " + type + " in " + layout.source());
            }
            return slot(field);
        }

        private FieldType type(String part, String field) {
            if (fields == null) {
                return FieldType.UNTYPED;
            }
            FieldType type = fields.get(field);
            if (type == null) {
                throw new IllegalArgumentException(part + "=" + field + " is not a field of " + layout.source()
                        + Nearest.question(field, fields.keySet()) + " (fields: "
                        + String.join(", ", fields.keySet()) + ")");
            }
            return type;
        }

        private int slot(String field) {
            if (!names.contains(field)) {
                names.add(field);
            }
            return names.indexOf(field);
        }
    }
}
