package io.millrace.jobs.spec;

import io.millrace.connectors.event.LabelRecordReader;
import io.millrace.connectors.kafka.ClientSettings;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.jobs.yaml.Span;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.optimizer.Auto;
import io.millrace.operators.Execution;
import io.millrace.operators.RefusedSteps.ResetTo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for mistakes that lie between the keys of one job.
 *
 * @param directory where relative paths begin
 * @param mistakes is told the path and message of each mistake
 */
record JobCheck(JobSpec spec, Path directory, BiConsumer<String, String> mistakes) {
    private static final Pattern SERVER =
            Pattern.compile("\\s*(?:\\w+://)?(?:\\[[0-9a-fA-F:.]+]|[^,:\\s]+):\\d{1,5}\\s*");
    private static final String TIMEOUT = "transaction.timeout.ms";

    private static final Pattern LABEL_PART = Pattern.compile("(key|id|time)=");

    void run() {
        execution("device", spec.device(), Updates.PER_EVENT);
        execution("updates", Device.AUTO, spec.updates());
        drift();
        learners();
        predictions();
        labels();
        topicsAreUsedOnce();
        servers("source.kafka", spec.source().kafka().bootstrapServers());
        properties("source.kafka", spec.source().kafka().properties());
        spec.resultTopics().forEach((path, topic) -> properties(path, topic.properties()));
        spec.resultTopics().forEach((path, topic) -> servers(path, topic.bootstrapServers()));
        spec.transactionalTopics().forEach(this::transactions);
        if (spec.labelJoin() != null && spec.labelJoin().kafka() != null) {
            properties("label-join.kafka", spec.labelJoin().kafka().properties());
            servers("label-join.kafka", spec.labelJoin().kafka().bootstrapServers());
        }
        state(new FieldCheck(spec, directory, mistakes).program());
    }

    private void execution(String path, Device device, Updates updates) {
        try {
            new Execution(spec.executor(), device, updates, spec.microBatch()).resolved();
        } catch (IllegalArgumentException e) {
            mistakes.accept(path, String.valueOf(e.getMessage()));
        }
    }

    private void drift() {
        if (spec.updates() == Updates.PER_BATCH && spec.model().onDrift() != null) {
            mistakes.accept(
                    "model.on-drift",
                    "watches one event after the other, and updates: per-batch learns many at once: choose updates:"
                            + " per-event");
        }
    }

    private void learners() {
        if (spec.updates() == Updates.PER_BATCH && spec.model().optimizer() instanceof Auto) {
            mistakes.accept(
                    "model.optimizer",
                    "auto has several learners for each key, and updates: per-batch has one: choose another, as in"
                            + " {adam: 0.003}");
        }
    }

    private void predictions() {
        Predictions predictions = spec.predictions();
        if (predictions == null) {
            return;
        }
        try {
            PredictionFormat.of(predictions.format(), new Target.Value());
        } catch (IllegalArgumentException e) {
            mistakes.accept("predictions.format", String.valueOf(e.getMessage()));
        }
    }

    /** A transaction lasts from one checkpoint to the next. */
    private void transactions(String path, KafkaTopic topic) {
        KafkaTopic whole = topic.beside(spec.source().kafka());
        Duration checkpoints = spec.checkpoints().every();
        Duration longest;
        try {
            longest = whole.transactionTimeout();
        } catch (IllegalArgumentException e) {
            if (!whole.properties().getOrDefault(TIMEOUT, "").contains("${")) {
                mistakes.accept(path + ".properties." + TIMEOUT, String.valueOf(e.getMessage()));
            }
            return;
        }
        if (checkpoints.compareTo(longest) >= 0) {
            mistakes.accept(
                    "checkpoints.every",
                    Span.text(checkpoints) + " must be < " + Span.text(longest) + ", the " + TIMEOUT + " of " + path
                            + ": Kafka ends transactions that last longer, and what they hold is lost");
        }
    }

    /**
     * @param program null if it is not known yet what the models are fed
     */
    private void state(@Nullable Program program) {
        State state = spec.state();
        LateLabels labels = spec.labelJoin();
        if (labels != null && state.ttl() != null && state.ttl().compareTo(labels.timeout()) < 0) {
            mistakes.accept(
                    "state.ttl",
                    Span.text(state.ttl()) + " must be >= " + Span.text(labels.timeout())
                            + ", the timeout of label-join: a model would be forgotten before the labels it waits for");
        }
        ResetTo reset = state.onRefusedSteps() == null
                ? ResetTo.INITIAL
                : state.onRefusedSteps().resetTo();
        if (reset == ResetTo.PRIOR && state.prior() == null) {
            mistakes.accept("state.on-refused-steps.reset-to", "prior needs state.prior: which model that is");
        } else {
            state.plan().faults(program).forEach((setting, fault) -> mistakes.accept("state." + setting, fault));
        }
        if (reset == ResetTo.SNAPSHOT && spec.snapshots() == null) {
            mistakes.accept(
                    "state.on-refused-steps.reset-to", "snapshot needs snapshots: where the job writes its own");
        }
    }

    private void labels() {
        LateLabels labels = spec.labelJoin();
        if (labels == null) {
            return;
        }
        if (spec.event().id() == null) {
            mistakes.accept("event", "missing key id: label-join finds the event of a label by it");
        }
        if (labels.key() != null && spec.event().key() == null) {
            mistakes.accept("label-join.key", "must be left out: the events have no key, they share one model");
        }
        if (labels.kafka() == null) {
            ofTheEventsTopic(labels);
        } else if (spec.event().id() != null) {
            readable(labels);
        }
        try {
            labels.join(spec.label());
        } catch (IllegalArgumentException e) {
            mistakes.accept("label-join.on-timeout.label", String.valueOf(e.getMessage()));
        }
    }

    private void ofTheEventsTopic(LateLabels labels) {
        Map<String, @Nullable String> given = new LinkedHashMap<>();
        given.put("key", labels.key());
        given.put("id", labels.id());
        given.put("time", labels.time());
        given.forEach((name, field) -> {
            if (field != null) {
                mistakes.accept(
                        "label-join." + name,
                        "is for labels on a topic of their own (label-join.kafka); those on the events' topic use event."
                                + name);
            }
        });
    }

    private void readable(LateLabels labels) {
        try {
            LabelRecordReader.of(labels.format(), labels.fields(spec.event()), spec.label(), directory);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            Matcher part = LABEL_PART.matcher(message);
            mistakes.accept(part.lookingAt() ? "label-join." + part.group(1) : "label-join", message);
        }
    }

    private void topicsAreUsedOnce() {
        Map<String, String> users = new HashMap<>();
        users.put(spec.source().kafka().topic(), "source.kafka.topic");
        Map<String, KafkaTopic> others = new LinkedHashMap<>(spec.resultTopics());
        if (spec.labelJoin() != null && spec.labelJoin().kafka() != null) {
            others.put("label-join.kafka", spec.labelJoin().kafka());
        }
        others.forEach((path, topic) -> {
            String other = users.putIfAbsent(topic.topic(), path + ".topic");
            if (other != null) {
                mistakes.accept(path + ".topic", "\"" + topic.topic() + "\" is already used by " + other);
            }
        });
    }

    /** A secret in the file itself ends up in version control, and is printed to whoever looks at it. */
    private void properties(String path, Map<String, String> properties) {
        properties.forEach((name, value) -> {
            if (value.contains("${") || name.equals(TIMEOUT)) {
                return; // what it stands for is not known yet; transactions look at the timeout
            }
            String rule = ClientSettings.isSecret(name)
                    ? "a secret must be a reference, ${env:NAME} or ${file:PATH}, not the secret itself"
                    : ClientSettings.rule(name, value);
            if (rule != null) {
                mistakes.accept(path + ".properties." + name, rule);
            }
        });
    }

    private void servers(String path, @Nullable String servers) {
        if (servers != null && !servers.contains("${")) {
            Stream.of(servers.split(",", -1))
                    .filter(SERVER.asMatchPredicate().negate())
                    .findFirst()
                    .ifPresent(wrong -> mistakes.accept(
                            path + ".bootstrap-servers", "\"" + wrong + "\" must be host:port, as in localhost:9092"));
        }
    }
}
