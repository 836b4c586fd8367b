package io.millrace.connectors.event;

import io.millrace.models.Target;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The field that holds what is to be predicted. An event in which it is missing is only predicted.
 *
 * <p>Numbers and booleans match the class whose name has their value: 1, 1.0 and {@code true} match "1", "1" and "true".
 */
public record Label(
        @Setting(value = "field that holds the label", atLeast = 1)
        String field,

        @Setting(value = "names of the classes, in the order of the scores", optional = true, atLeast = 2) @Nullable
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
        classes = classes == null ? null : List.copyOf(classes);
        if (kind == null) {
            kind = classes == null ? Kind.REGRESSION : Kind.CLASSIFICATION;
        }
        Settings.check(Label.class, field, classes, kind);
        if (kind == Kind.CLASSIFICATION && classes == null) {
            throw new IllegalArgumentException("classes must be given for kind=classification");
        }
        if (kind == Kind.REGRESSION && classes != null) {
            throw new IllegalArgumentException("classes=" + classes + " must be left out for kind=regression");
        }
    }

    /** What a model of this label predicts. */
    public Target target() {
        return classes == null ? new Target.Value() : new Target.Classes(classes);
    }
}
