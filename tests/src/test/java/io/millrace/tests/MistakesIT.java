package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.local.LocalKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user gets wrong outside the job file, each answered by {@code run} in one sentence within seconds. */
class MistakesIT {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int WRONG_SPEC = 3;

    private static LocalKafka kafka;

    @TempDir
    private Path directory;

    private Path job;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = LocalKafka.temporary();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void writeJob() throws Exception {
        job = WeatherJob.on(kafka, "weather", "jvm", 1, 1, directory).file();
    }

    @Test
    void unreachableBroker() throws Exception {
        replace(kafka.bootstrapServers(), "127.0.0.1:1");
        isAnswered(
                FAILED,
                "millrace: cannot reach Kafka at 127.0.0.1:1 (source.kafka.bootstrap-servers): is the broker running?",
                "run",
                "job.yaml");
    }

    @Test
    void somethingElseThanABroker() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            replace(kafka.bootstrapServers(), address);
            isAnswered(
                    FAILED,
                    "millrace: Kafka at " + address
                            + " (source.kafka.bootstrap-servers) does not answer within 5 s when"
                            + " asked to list the topics: is it a broker, and do the security settings match?",
                    "run",
                    "job.yaml");
        }
    }

    @Test
    void topicThatDoesNotExist() throws Exception {
        replace("topic: weather-readings", "topic: weather-reedings");
        isAnswered(
                FAILED,
                "millrace: source.kafka.topic=weather-reedings is not a topic at " + kafka.bootstrapServers()
                        + "; did you mean \"weather-readings\"?",
                "run",
                "job.yaml");
    }

    @Test
    void snapshotsWhereNothingCanBeWritten() throws Exception {
        replace(directory + "/models", directory + "/job.yaml/models");
        isAnswered(
                FAILED,
                "millrace: snapshots.directory=" + directory + "/job.yaml/models cannot be written to",
                "run",
                "job.yaml");
    }

    @Test
    void jobFileThatDoesNotExist() throws Exception {
        isAnswered(WRONG_SPEC, "jobb.yaml: there is no such file\n1 mistake", "run", "jobb.yaml");
    }

    @Test
    void schemaThatDoesNotExist() throws Exception {
        replace("format: json", "format: {avro: {schema: reading.avsc}}");
        isAnswered(
                WRONG_SPEC,
                "job.yaml:4:27: source.format.avro.schema: schema=reading.avsc does not exist (" + directory
                        + "/reading.avsc)\n1 mistake",
                "run",
                "job.yaml");
    }

    @Test
    void clusterThatIsNotThere() throws Exception {
        isAnswered(
                FAILED,
                "millrace: cannot reach a Flink cluster at 127.0.0.1:1: is it running?",
                "run",
                "job.yaml",
                "--cluster",
                "127.0.0.1:1");
    }

    @Test
    void clusterThatIsNoFlink() throws Exception {
        isAnswered(
                FAILED,
                "millrace: cannot reach a Flink cluster at " + kafka.bootstrapServers() + ": is it running?",
                "run",
                "job.yaml",
                "--cluster",
                kafka.bootstrapServers());
    }

    @Test
    void clusterWithoutAPort() throws Exception {
        isAnswered(
                WRONG_USAGE,
                "millrace: --cluster localhost must be HOST:PORT\nTry: millrace run --help",
                "run",
                "job.yaml",
                "--cluster",
                "localhost");
    }

    @Test
    void nothingToContinueFrom() throws Exception {
        isAnswered(
                FAILED,
                "millrace: --from latest: there is no savepoint or checkpoint in " + directory + "/.millrace/weather",
                "run",
                "job.yaml",
                "--from",
                "latest");
    }

    @Test
    void savepointThatDoesNotExist() throws Exception {
        isAnswered(
                FAILED,
                "millrace: --from nowhere: there is no savepoint or checkpoint",
                "run",
                "job.yaml",
                "--from",
                "nowhere");
    }

    private void replace(String right, String wrong) throws Exception {
        String written = Files.readString(job);
        assertThat(written).contains(right);
        Files.writeString(job, written.replace(right, wrong));
    }

    private void isAnswered(int exitCode, String answer, String... arguments) throws Exception {
        try (CommandLine run = CommandLine.millrace(directory, arguments)) {
            int exited = run.exitCode(SECONDS);
            assertThat(withoutNotes(run.err())).isEqualTo(answer + "\n");
            assertThat(run.out()).isEmpty();
            assertThat(exited).isEqualTo(exitCode);
        }
    }

    /** What was said beside the topics that were made. */
    private static String withoutNotes(String err) {
        return err.replaceAll("millrace: made the topic .*\n", "");
    }
}
