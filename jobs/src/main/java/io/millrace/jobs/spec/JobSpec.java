package io.millrace.jobs.spec;

import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Label;
import io.millrace.connectors.event.LabelPlace;
import io.millrace.connectors.kafka.Delivery;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.models.ModelSpec;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import io.millrace.operators.Execution;
import io.millrace.operators.Execution.Executor;
import io.millrace.operators.MicroBatch;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A whole job: where events come from, what is learnt from them, and where everything goes. {@link JobFile} reads it. */
@Term(value = "job", about = "A Millrace job: where events come from, what is learnt, and where everything goes.")
public record JobSpec(
        @Setting(
                value =
                        "The job's name, shown by Flink; no two jobs on one Kafka may share it, since transactions and the"
                                + " consumer group are called after it.",
                byDefault = "millrace",
                atLeast = 1)
        String name,

        @Setting("Where events come from.") Source source,

        @Setting(value = "Which fields name an event, its model and its time.", byDefault = "{}")
        EventFields event,

        @Setting("What is to be predicted.") Label label,

        @Setting(
                value = "How labels that come later find their events; an event brings its own when left out.",
                optional = true)
        @Nullable
        LateLabels labelJoin,

        @Setting(
                value = "What a model is fed; every other field that the schema or header names, when left out.",
                byDefault = "[]")
        List<Feature> features,

        @Setting(value = "What is learnt and how.", byDefault = "{}")
        ModelSpec model,

        @Setting(
                value = "What runs the model; auto is jvm, but djl on a GPU or with updates per batch.",
                byDefault = "auto")
        Executor executor,

        @Setting(value = "Where the model runs.", byDefault = "auto")
        Device device,

        @Setting(
                value = "Whether every event is an update of its model, or a micro-batch is one update of each model.",
                byDefault = "per-event")
        Updates updates,

        @Setting(value = "How the djl executor gathers samples.", byDefault = "{}")
        MicroBatch microBatch,

        @Setting(value = "Number of parallel learners.", byDefault = "1", atLeast = 1, atMost = 32768)
        int parallelism,

        @Setting(value = "From what the job continues after a crash.", byDefault = "{}")
        Checkpoints checkpoints,

        @Setting(value = "How models are kept while the job runs.", byDefault = "{}")
        State state,

        @Setting(value = "Models written to files; none when left out.", optional = true) @Nullable
        Snapshots snapshots,

        @Setting(value = "Where predictions go; nowhere when left out.", optional = true) @Nullable
        Predictions predictions,

        @Setting(value = "How well the models do.", byDefault = "{}")
        Telemetry telemetry,

        @Setting(value = "Where unusable records go; they are only counted when left out.", optional = true) @Nullable
        DeadLetters deadLetters)
        implements Serializable {

    public JobSpec {
        features = List.copyOf(features);
        Settings.check(
                JobSpec.class,
                name,
                source,
                event,
                label,
                labelJoin,
                features,
                model,
                executor,
                device,
                updates,
                microBatch,
                parallelism,
                checkpoints,
                state,
                snapshots,
                predictions,
                telemetry,
                deadLetters);
    }

    /** The topics that results go to, by their keys in the job file. */
    public Map<String, KafkaTopic> resultTopics() {
        Map<String, KafkaTopic> topics = new LinkedHashMap<>();
        if (predictions != null) {
            topics.put("predictions.kafka", predictions.kafka());
        }
        if (telemetry.kafka() != null) {
            topics.put("telemetry.kafka", telemetry.kafka());
        }
        if (deadLetters != null) {
            topics.put("dead-letters.kafka", deadLetters.kafka());
        }
        return topics;
    }

    /** Those that are written in Kafka transactions, which end with the checkpoints. */
    public Map<String, KafkaTopic> transactionalTopics() {
        Map<String, KafkaTopic> topics = new LinkedHashMap<>();
        if (predictions != null && predictions.delivery() == Delivery.EXACTLY_ONCE) {
            topics.put("predictions.kafka", predictions.kafka());
        }
        if (deadLetters != null) {
            topics.put("dead-letters.kafka", deadLetters.kafka());
        }
        return topics;
    }

    /** Which executor runs the models. */
    public Execution execution() {
        return new Execution(executor, device, updates, microBatch);
    }

    /** The same job with events from elsewhere. */
    public JobSpec with(Source other) {
        return with(other, labelJoin, features, model, executor);
    }

    /** The same job with other features. */
    public JobSpec with(List<Feature> others) {
        return with(source, labelJoin, others, model, executor);
    }

    /** The same job with another executor. */
    public JobSpec with(Executor other) {
        return with(source, labelJoin, features, model, other);
    }

    /** The same job without the settings of Kafka's clients, some of which are secrets: to be shown to others. */
    public JobSpec shown() {
        return with(
                new Source(source.kafka().shown(), source.format()),
                labelJoin == null ? null : labelJoin.shown(),
                features,
                model,
                executor,
                predictions == null ? null : predictions.shown(),
                telemetry.shown(),
                deadLetters == null ? null : new DeadLetters(deadLetters.kafka().shown()));
    }

    /** The same job with labels from elsewhere; null if events bring their own. */
    public JobSpec with(@Nullable LateLabels others) {
        return with(source, others, features, model, executor);
    }

    /**
     * Fields of what is read that tell events, models and categories from each other, so that 007 is not 7; but none that is
     * read as a number, too.
     */
    public Set<String> names() {
        EventFields labels = labelJoin == null ? event : labelJoin.fields(event);
        Set<String> names = new HashSet<>(named(Feature.Categorical.class));
        names.addAll(Arrays.asList(event.id(), event.key(), labels.id(), labels.key()));
        names.removeAll(named(Feature.Numeric.class));
        names.removeAll(Arrays.asList(event.time(), event.weight(), labels.time(), null));
        return names;
    }

    private Set<String> named(Class<? extends Feature> kind) {
        return features.stream()
                .filter(kind::isInstance)
                .flatMap(feature -> feature.names().stream())
                .collect(Collectors.toSet());
    }

    /** Where the labels of events are found; without an id they cannot come later. */
    public LabelPlace labelPlace() {
        return labelJoin == null || event.id() == null ? LabelPlace.WITH_EVENT : labelJoin.place();
    }

    /** The same job with another model. */
    public JobSpec with(ModelSpec other) {
        return with(source, labelJoin, features, other, executor);
    }

    private JobSpec with(
            Source source, @Nullable LateLabels labels, List<Feature> features, ModelSpec model, Executor executor) {
        return with(source, labels, features, model, executor, predictions, telemetry, deadLetters);
    }

    private JobSpec with(
            Source source,
            @Nullable LateLabels labels,
            List<Feature> features,
            ModelSpec model,
            Executor executor,
            @Nullable Predictions predictions,
            Telemetry telemetry,
            @Nullable DeadLetters deadLetters) {
        return new JobSpec(
                name,
                source,
                event,
                label,
                labels,
                features,
                model,
                executor,
                device,
                updates,
                microBatch,
                parallelism,
                checkpoints,
                state,
                snapshots,
                predictions,
                telemetry,
                deadLetters);
    }
}
