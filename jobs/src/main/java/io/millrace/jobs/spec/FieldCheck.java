package io.millrace.jobs.spec;

import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.LabelPlace;
import io.millrace.connectors.event.RecordLayout;
import io.millrace.jobs.yaml.Hint;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for fields that the events do not have, and for models that cannot learn from those they have.
 *
 * @param directory where relative paths begin
 * @param mistakes is told the path and message of each mistake
 */
record FieldCheck(JobSpec spec, Path directory, BiConsumer<String, String> mistakes) {
    private static final Pattern LAYER = Pattern.compile("layers\\[\\d+]");
    private static final Pattern PART = Pattern.compile("(key|id|time|weight|label|features)=(\\S+) .*");

    /** Looks; returns the job's program, or null if only a file's first line tells what it is fed, or after a mistake. */
    @Nullable
    Program program() {
        Target target = target();
        if (target == null) {
            return null;
        }
        Problem problem = problem();
        boolean sound = compiles(problem == null ? new Problem(Inputs.numeric(1), target) : problem);
        return sound && problem != null ? spec.model().compile(problem) : null;
    }

    private @Nullable Target target() {
        try {
            return spec.label().target();
        } catch (IllegalArgumentException e) {
            refuse("label.classes", e);
            return null;
        }
    }

    /** What the model is fed; null if that is known only from a file's first line, or after a mistake. */
    private @Nullable Problem problem() {
        Format format = spec.source().format();
        RecordLayout layout = format instanceof Format.Csv csv && csv.header() == null ? null : layout(format);
        if (layout == null || !namesAreKnown(layout)) {
            return null;
        }
        try {
            return EventReader.of(format, spec.event(), spec.label(), spec.labelPlace(), spec.features(), directory)
                    .problem();
        } catch (IllegalArgumentException e) {
            refuse(part(String.valueOf(e.getMessage())), e);
            return null;
        }
    }

    private @Nullable RecordLayout layout(Format format) {
        try {
            return format.layout(directory);
        } catch (IllegalArgumentException e) {
            refuse("source.format.avro.schema", e);
            return null;
        }
    }

    private void refuse(String path, IllegalArgumentException refusal) {
        mistakes.accept(path, String.valueOf(refusal.getMessage()));
    }

    private boolean namesAreKnown(RecordLayout layout) {
        if (layout.fields() == null) {
            return true;
        }
        Set<String> names = layout.fields().keySet();
        List<Use> unknown =
                uses().stream().filter(use -> !names.contains(use.field())).toList();
        unknown.forEach(use -> mistakes.accept(
                use.path(), "the events have no field \"" + use.field() + "\"" + Hint.among(use.field(), names)));
        return unknown.isEmpty();
    }

    /** The path of the part of an event that a message begins with. */
    private String part(String message) {
        Matcher part = PART.matcher(message);
        if (!part.matches()) {
            return "";
        }
        String prefix = part.group(1);
        List<String> paths = uses().stream()
                .filter(use -> use.field().equals(part.group(2)) && use.path().contains(prefix))
                .map(Use::path)
                .toList();
        return paths.isEmpty() ? "" : paths.get(paths.size() - 1);
    }

    /** A field that the job uses, and where it most likely stands. */
    private record Use(String path, String field) {}

    private List<Use> uses() {
        List<Use> uses = new ArrayList<>();
        use(uses, "event.key", spec.event().key());
        use(uses, "event.id", spec.event().id());
        use(uses, "event.time", spec.event().time());
        use(uses, "event.weight", spec.event().weight());
        if (spec.labelPlace() != LabelPlace.OTHER_TOPIC) {
            labels(uses);
        }
        for (int i = 0; i < spec.features().size(); i++) {
            Feature feature = spec.features().get(i);
            for (int j = 0; j < feature.names().size(); j++) {
                String name = feature instanceof Feature.Numeric ? "numeric[" + j + "]" : "categorical.field";
                use(uses, "features[" + i + "]." + name, feature.names().get(j));
            }
        }
        return uses;
    }

    private void labels(List<Use> uses) {
        use(uses, "label.field", spec.label().field());
        List<String> shares = Objects.requireNonNullElse(spec.label().fields(), List.of());
        for (int i = 0; i < shares.size(); i++) {
            use(uses, "label.fields[" + i + "]", shares.get(i));
        }
    }

    private static void use(List<Use> uses, String path, @Nullable String field) {
        if (field != null) {
            uses.add(new Use(path, field));
        }
    }

    /** Compiles the model; one number stands for inputs that are not known. */
    private boolean compiles(Problem problem) {
        try {
            String fault = fault(spec.model(), problem);
            if (fault != null) {
                mistakes.accept(blamed(problem, fault), fault);
            }
            return fault == null;
        } catch (OutOfMemoryError e) { // for one large array: nothing else is harmed
            long most = Runtime.getRuntime().maxMemory() >> 20;
            mistakes.accept("model", "the model does not fit into the " + most + " MB of memory of this process");
            return false;
        }
    }

    /** The path of what does not fit: a layer says so itself, a loss is to blame if the model compiles without it. */
    private String blamed(Problem problem, String fault) {
        Matcher layer = LAYER.matcher(fault);
        if (layer.lookingAt()) {
            return "model." + layer.group();
        }
        if (fault.startsWith("on-drift")) {
            return "model.on-drift";
        }
        ModelSpec model = spec.model();
        ModelSpec withoutLoss = new ModelSpec(model.layers(), null, model.optimizer(), model.seed());
        return fault(withoutLoss, problem) == null ? "model.loss" : "model";
    }

    private static @Nullable String fault(ModelSpec model, Problem problem) {
        try {
            model.compile(problem);
            return null;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
