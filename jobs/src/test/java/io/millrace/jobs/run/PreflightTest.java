package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    Path directory;

    @Test
    void refusesTransactionsThatTheBrokersWouldEnd() throws Exception {
        try (LocalKafka kafka = LocalKafka.temporary(Map.of("transaction.max.timeout.ms", "60000"))) {
            kafka.createTopic("events", 1);
            List<String> notes = new ArrayList<>();

            assertThatThrownBy(() -> new Preflight(job(kafka, ""), notes::add).run())
                    .hasMessage(
                            "Kafka at " + kafka.bootstrapServers() + " lets transactions last 60000 ms (its"
                                    + " transaction.max.timeout.ms), but those of dead-letters.kafka may need 900000 ms: set"
                                    + " transaction.timeout.ms in dead-letters.kafka.properties, and checkpoints.every below it");

            new Preflight(job(kafka, ", properties: {transaction.timeout.ms: 60000}"), notes::add).run();
            assertThat(notes).containsExactly("made the topic dead (dead-letters.kafka.topic) with 1 partition");
        }
    }

    @Test
    void namesTheDirectoryThatIsNoUri() throws IOException {
        for (String wrong : List.of("file:models", "file:/my models", "file://host/models")) {
            JobSpec job = JobFile.FORMAT.read("""
                            source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
                            label: {field: price}
                            features: [{numeric: [demand]}]
                            snapshots: {directory: "%s"}
                            """.formatted(wrong), "job.yaml").orThrow();
            assertThatThrownBy(() -> new Preflight(job, note -> {}).run())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "snapshots.directory=" + wrong + " must be a path, or a URI as file:///path: ");
        }
    }

    private JobSpec job(LocalKafka kafka, String properties) throws IOException {
        return JobFile.read(Files.writeString(
                        directory.resolve("job.yaml"), """
                        source: {kafka: {bootstrap-servers: "%s", topic: events}}
                        label: {field: price}
                        features: [{numeric: [demand]}]
                        dead-letters: {kafka: {topic: dead%s}}
                        """.formatted(kafka.bootstrapServers(), properties)))
                .orThrow();
    }
}
