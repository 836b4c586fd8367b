package io.millrace.jobs.spec;

import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Format;
import io.millrace.jobs.yaml.Hint;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for fields that the events do not have, and for models that cannot learn from those they have. */
final class FieldCheck {
    private static final Pattern LAYER = Pattern.compile("layers\\[\\d+]");

    private final JobSpec spec;
    private final BiConsumer<String, String> mistakes;

    FieldCheck(JobSpec spec, BiConsumer<String, String> mistakes) {
        this.spec = spec;
        this.mistakes = mistakes;
    }

    void run() {
        Format format = spec.source().format();
        if (format instanceof Format.Avro avro && avro.schema() == null) {
            mistakes.accept("source.format", "avro needs a schema to read events: write {avro: {schema: FILE.avsc}}");
            return;
        }
        Optional<EventSchema> schema;
        try {
            schema = EventSchema.of(format);
        } catch (IllegalArgumentException e) {
            mistakes.accept("source.format.avro.schema", String.valueOf(e.getMessage()));
            return;
        }
        schema.ifPresent(this::names);
        features();
        compile(inputs(schema));
    }

    private void names(EventSchema schema) {
        Set<String> names = schema.fields().keySet();
        known("event.key", spec.event().key(), names);
        known("event.id", spec.event().id(), names);
        known("event.time", spec.event().time(), names);
        known("event.weight", spec.event().weight(), names);
        known("label.field", spec.label().field(), names);
        uses().forEach(use -> known(use.path(), use.field(), names));
    }

    private void known(String path, @Nullable String field, Set<String> names) {
        if (field != null && !names.contains(field)) {
            mistakes.accept(path, "the events have no field \"" + field + "\"" + Hint.among(field, names));
        }
    }

    private void features() {
        if (spec.features() == null && spec.source().format() instanceof Format.Json) {
            mistakes.accept("", "missing key features: json names no fields that could be taken instead");
        }
        Set<String> seen = new HashSet<>();
        for (Use use : uses()) {
            if (use.field().equals(spec.label().field())) {
                mistakes.accept(use.path(), "\"" + use.field() + "\" is the label; a model must not be fed it");
            } else if (!seen.add(use.field())) {
                mistakes.accept(use.path(), "\"" + use.field() + "\" is a feature already");
            }
        }
    }

    /** A field that a feature uses, and where it most likely stands. */
    private record Use(String path, String field) {}

    private List<Use> uses() {
        List<Use> uses = new ArrayList<>();
        List<Feature> features = spec.features() == null ? List.of() : spec.features();
        for (int i = 0; i < features.size(); i++) {
            String path = "features[" + i + "].";
            if (features.get(i) instanceof Feature.Numeric numeric) {
                for (int j = 0; j < numeric.fields().size(); j++) {
                    uses.add(new Use(
                            path + "numeric[" + j + "]", numeric.fields().get(j)));
                }
            } else if (features.get(i) instanceof Feature.Categorical categorical) {
                uses.add(new Use(path + "categorical.field", categorical.field()));
            }
        }
        return uses;
    }

    private Optional<Inputs> inputs(Optional<EventSchema> schema) {
        List<Feature> features = spec.features() != null
                ? spec.features()
                : schema.map(known -> known.features(spec.event(), spec.label()))
                        .orElse(List.of());
        if (features.isEmpty()) {
            schema.ifPresent(known -> mistakes.accept("source.format", "the events have no field left to learn from"));
            return Optional.empty();
        }
        int numeric = 0;
        List<Inputs.Category> categories = new ArrayList<>();
        for (Feature feature : features) {
            if (feature instanceof Feature.Categorical category) {
                categories.add(new Inputs.Category(category.buckets(), category.dimension()));
            } else if (feature instanceof Feature.Numeric numbers) {
                numeric += numbers.fields().size();
            }
        }
        return Optional.of(new Inputs(numeric, categories));
    }

    /** Compiles the model; one number stands for inputs that are not known yet. */
    private void compile(Optional<Inputs> inputs) {
        Target target;
        try {
            target = spec.label().target();
        } catch (IllegalArgumentException e) {
            mistakes.accept("label.classes", String.valueOf(e.getMessage()));
            return;
        }
        Problem problem = new Problem(inputs.orElse(Inputs.numeric(1)), target);
        String fault = fault(spec.model(), problem);
        if (fault != null) {
            mistakes.accept(blamed(problem, fault), fault);
        }
    }

    /** The path of what does not fit: a layer says so itself, a loss is to blame if the model compiles without it. */
    private String blamed(Problem problem, String fault) {
        Matcher layer = LAYER.matcher(fault);
        if (layer.lookingAt()) {
            return "model." + layer.group();
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
