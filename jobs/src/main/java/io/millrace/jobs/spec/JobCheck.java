package io.millrace.jobs.spec;

import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.connectors.kafka.Secrets;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.jobs.yaml.Span;
import io.millrace.models.Target;
import io.millrace.operators.Execution.Executor;
import io.millrace.operators.RefusedSteps.ResetTo;
import io.millrace.operators.Saved;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks for mistakes that lie between the keys of one job. */
final class JobCheck {
    private static final Pattern SERVER = Pattern.compile("\\s*[^,\\s]+:\\d{1,5}\\s*");
    private static final String TIMEOUT = "transaction.timeout.ms";

    private final JobSpec spec;
    private final Path directory;
    private final BiConsumer<String, String> mistakes;

    /**
     * A check of one job.
     *
     * @param directory where relative paths begin
     * @param mistakes is told the path and message of each mistake
     */
    JobCheck(JobSpec spec, Path directory, BiConsumer<String, String> mistakes) {
        this.spec = spec;
        this.directory = directory;
        this.mistakes = mistakes;
    }

    void run() {
        device();
        predictions();
        state();
        topicsAreUsedOnce();
        servers("source.kafka", spec.source().kafka().bootstrapServers());
        secrets("source.kafka", spec.source().kafka().properties());
        spec.resultTopics().forEach((path, topic) -> secrets(path, topic.properties()));
        spec.resultTopics().forEach((path, topic) -> servers(path, topic.bootstrapServers()));
        spec.transactionalTopics().forEach(this::transactions);
        new FieldCheck(spec, directory, mistakes).run();
    }

    private void device() {
        try {
            if (spec.execution().resolved() == Executor.DJL && spec.model().onDrift() != null) {
                mistakes.accept(
                        "model.on-drift",
                        "needs executor jvm, and this job runs on djl: there nobody watches the errors of single"
                                + " models");
            }
        } catch (IllegalArgumentException e) {
            mistakes.accept("device", String.valueOf(e.getMessage()));
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

    private void state() {
        State state = spec.state();
        if (state.prior() != null) {
            snapshot("state.prior.snapshot", state.prior().snapshot());
        }
        if (state.warmStart() != null) {
            snapshot("state.warm-start", state.warmStart());
        }
        ResetTo reset = state.onRefusedSteps() == null
                ? ResetTo.INITIAL
                : state.onRefusedSteps().resetTo();
        if (reset == ResetTo.PRIOR && state.prior() == null) {
            mistakes.accept("state.on-refused-steps.reset-to", "prior needs state.prior: which model that is");
        }
        if (reset == ResetTo.SNAPSHOT && spec.snapshots() == null) {
            mistakes.accept(
                    "state.on-refused-steps.reset-to", "snapshot needs snapshots: where the job writes its own");
        }
    }

    private void snapshot(String path, String directory) {
        try {
            Saved.snapshot(directory);
        } catch (IllegalArgumentException e) {
            mistakes.accept(path, String.valueOf(e.getMessage()));
        }
    }

    private void topicsAreUsedOnce() {
        Map<String, String> users = new HashMap<>();
        users.put(spec.source().kafka().topic(), "source.kafka.topic");
        spec.resultTopics().forEach((path, topic) -> {
            String other = users.putIfAbsent(topic.topic(), path + ".topic");
            if (other != null) {
                mistakes.accept(path + ".topic", "\"" + topic.topic() + "\" is already used by " + other);
            }
        });
    }

    /** A secret in the file itself ends up in version control, and is printed to whoever looks at it. */
    private void secrets(String path, Map<String, String> properties) {
        properties.forEach((name, value) -> {
            if (Secrets.includes(name) && !value.contains("${")) {
                mistakes.accept(
                        path + ".properties." + name,
                        "a secret must be a reference, ${env:NAME} or ${file:PATH}, not the secret itself");
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
