package io.millrace.connectors.event;

import io.millrace.models.Target;
import io.millrace.models.spec.OneOf;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The field that holds what is to be predicted, or the fields that hold the probability of each class. An event in
 * which it is missing is only predicted.
 *
 * <p>Numbers and booleans match the class whose name has their value: 1, 1.0 and {@code true} match "1", "1" and "true".
 */
@OneOf({"field", "fields"})
public record Label(
        @Setting(value = "field that holds the label", optional = true, atLeast = 1) @Nullable
        String field,

        @Setting(
                value = "fields that hold the probability of each class, instead of one that names the class",
                optional = true,
                atLeast = 2)
        @Nullable
        List<String> fields,

        @Setting(
                value = "names of the classes, in the order of the scores; those of the fields when left out",
                optional = true,
                atLeast = 2)
        @Nullable
        List<String> classes,

        @Setting(value = "what the label is: classification if classes are given, else regression", optional = true)
        @Nullable
        Kind kind)
        implements Serializable {

    /** What a label is. */
    public enum Kind {
        CLASSIFICATION,
        REGRESSION
    }

    public Label {
        fields = fields == null ? null : List.copyOf(fields);
        classes = classes == null ? fields : List.copyOf(classes);
        if (kind == null) {
            kind = classes == null ? Kind.REGRESSION : Kind.CLASSIFICATION;
        }
        Settings.check(Label.class, field, fields, classes, kind);
        if (kind == Kind.CLASSIFICATION && classes == null) {
            throw new IllegalArgumentException("classes must be given for kind=classification");
        }
        if (kind == Kind.REGRESSION && classes != null) {
            String given = fields == null ? "classes=" + classes : "fields=" + fields;
            throw new IllegalArgumentException(given + " must be left out for kind=regression");
        }
        if (fields != null && classes != null && fields.size() != classes.size()) {
            throw new IllegalArgumentException("classes=" + classes + " must be as many as fields=" + fields);
        }
    }

    /** A label in one field. */
    public Label(String field, @Nullable List<String> classes, @Nullable Kind kind) {
        this(field, null, classes, kind);
    }

    /**
     * The label that a text stands for: [target.labelWidth].
     *
     * @throws IllegalArgumentException if it stands for none
     */
    public float[] value(String text) {
        Label single = new Label("label", classes, kind);
        Fields written = new Fields(List.of("label"));
        written.untyped(0, text);
        try {
            float[] value = LabelReader.of(single).read(written, new int[] {0});
            if (value.length == 0) {
                throw new IllegalArgumentException("\"" + text + "\" stands for a missing label");
            }
            return fields == null ? value : certain((int) value[0], fields.size());
        } catch (BadEvent e) {
            throw new IllegalArgumentException(e.reason(), e);
        }
    }

    private static float[] certain(int chosen, int classes) {
        float[] probabilities = new float[classes];
        probabilities[chosen] = 1;
        return probabilities;
    }

    /** What a model of this label predicts. */
    public Target target() {
        if (classes == null) {
            return new Target.Value();
        }
        return fields == null ? new Target.Classes(classes) : new Target.Distribution(classes);
    }

    /** Every field that the label is read from. */
    List<String> allFields() {
        return fields == null ? Stream.ofNullable(field).toList() : fields;
    }

    /** True if the label's fields hold numbers. */
    boolean numeric() {
        return fields != null || classes == null;
    }
}
