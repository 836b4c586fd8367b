package io.millrace.jobs.run;

import io.millrace.connectors.kafka.ClientSettings;
import io.millrace.connectors.kafka.Kafka;
import io.millrace.connectors.kafka.KafkaCheck;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.jobs.spec.JobSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Looks, before a job starts, whether what it names outside itself is there: brokers, topics and directories. */
public final class Preflight {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JobSpec spec;
    private final Consumer<String> notes;

    /**
     * @param spec with every reference resolved
     * @param notes is told what was made
     */
    public Preflight(JobSpec spec, Consumer<String> notes) {
        this.spec = spec;
        this.notes = notes;
    }

    /**
     * Makes the output topics that do not exist yet, with a partition per learner.
     *
     * @throws IllegalArgumentException if something is not there, in one sentence
     */
    public void run() {
        if (spec.snapshots() != null) {
            requireWritable(spec.snapshots().directory(), "snapshots.directory");
        }
        if (spec.checkpoints().directory() != null) {
            requireWritable(spec.checkpoints().directory(), "checkpoints.directory");
        }
        Kafka source = spec.source().kafka();
        requireAccepted(source.properties(), "source.kafka");
        try (KafkaCheck kafka =
                KafkaCheck.of(source.bootstrapServers(), source.properties(), "source.kafka.bootstrap-servers")) {
            kafka.requireTopic(source.topic(), "source.kafka.topic");
        }
        Kafka labels = spec.labelJoin() == null ? null : spec.labelJoin().source(source);
        if (labels != null) {
            requireAccepted(labels.properties(), "label-join.kafka");
            try (KafkaCheck kafka = KafkaCheck.of(
                    labels.bootstrapServers(), labels.properties(), "label-join.kafka.bootstrap-servers")) {
                kafka.requireTopic(labels.topic(), "label-join.kafka.topic");
            }
        }
        spec.resultTopics().forEach((place, topic) -> ensure(topic.beside(source), place));
    }

    /**
     * Fails unless a Flink cluster is there: Flink's own client would try for minutes.
     *
     * @param address host:port of its REST interface
     * @throws IllegalArgumentException in one sentence
     */
    public static void requireFlink(String address) throws InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://" + address + "/config"))
                .timeout(PATIENCE)
                .build();
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        String answer;
        try {
            answer = client.send(question, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot reach a Flink cluster at " + address + ": is it running?", e);
        }
        if (!answer.contains("flink-version")) {
            throw new IllegalArgumentException("what answers at " + address + " is not Flink's REST interface");
        }
    }

    private void ensure(KafkaTopic topic, String place) {
        requireAccepted(topic.properties(), place);
        String servers = Objects.requireNonNull(topic.bootstrapServers());
        try (KafkaCheck kafka = KafkaCheck.of(servers, topic.properties(), place + ".bootstrap-servers")) {
            if (spec.transactionalTopics().containsKey(place)) {
                kafka.requireTransactions(topic.transactionTimeout(), place);
            }
            if (kafka.ensureTopic(topic.topic(), spec.parallelism())) {
                notes.accept("made the topic " + topic.topic() + " (" + place + ".topic) with " + spec.parallelism()
                        + (spec.parallelism() == 1 ? " partition" : " partitions"));
            }
        }
    }

    /** What a reference stands for is known only now, and must not be shown. */
    private static void requireAccepted(Map<String, String> properties, String place) {
        properties.forEach((name, value) -> {
            String rule = ClientSettings.rule(name, value);
            if (rule != null) {
                throw new IllegalArgumentException(place + ".properties." + name + ": what it refers to " + rule);
            }
        });
    }

    private static void requireWritable(String directory, String place) {
        String uri = JobGraph.uri(directory);
        if (!uri.startsWith("file:")) {
            return; // only the cluster can tell
        }
        try {
            Files.delete(Files.createTempFile(
                    Files.createDirectories(path(uri, place + "=" + directory)), ".millrace", ".probe"));
        } catch (IOException e) {
            throw new IllegalArgumentException(place + "=" + directory + " cannot be written to", e);
        }
    }

    private static Path path(String uri, String written) {
        try {
            return Path.of(URI.create(uri));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    written + " must be a path, or a URI as file:///path: " + e.getMessage(), e);
        }
    }
}
