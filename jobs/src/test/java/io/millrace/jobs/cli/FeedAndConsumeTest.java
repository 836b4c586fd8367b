package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.kafka.DeadLetterRecords;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.jobs.local.LocalKafka;
import io.millrace.models.Target;
import io.millrace.state.records.Prediction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FeedAndConsumeTest {
    private static final String SCHEMA = "{\"type\":\"record\",\"name\":\"Event\",\"fields\":["
            + "{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"x\",\"type\":[\"null\",\"double\"]},"
            + "{\"name\":\"label\",\"type\":\"string\"}]}";
    private static LocalKafka kafka;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String topic;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = LocalKafka.temporary();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        kafka.createTopic(topic, 1);
    }

    @Test
    void csvGoesInAndJsonComesOut() throws Exception {
        Path file = Files.writeString(directory.resolve("events.csv"), "id,x,label\na,1.5,up\nb,,down\n");

        assertThat(millrace("feed", file.toString(), "--topic", topic)).isZero();
        assertThat(err.toString()).contains("done: sent 2 records to " + topic + " at " + kafka.bootstrapServers());
        assertThat(millrace("consume", topic)).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"id\":\"a\",\"x\":1.5,\"label\":\"up\"}", "{\"id\":\"b\",\"x\":null,\"label\":\"down\"}");
    }

    @Test
    void avroGoesInAndJsonComesOut() throws Exception {
        Path file = Files.writeString(
                directory.resolve("events.jsonl"),
                "{\"id\":\"a\",\"x\":1.5,\"label\":\"up\"}\n{\"id\":\"b\",\"label\":\"down\"}\n");
        Path schema = Files.writeString(directory.resolve("event.avsc"), SCHEMA);

        assertThat(millrace("feed", file.toString(), "--topic", topic, "--schema", schema.toString()))
                .isZero();
        assertThat(millrace("consume", topic, "--schema", schema.toString())).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"id\": \"a\", \"x\": 1.5, \"label\": \"up\"}",
                        "{\"id\": \"b\", \"x\": null, \"label\": \"down\"}");
    }

    @Test
    void aJobSaysWhereAndHow() throws Exception {
        Path file = Files.writeString(directory.resolve("events.csv"), "id,x,label\na,1.5,up\nb,2.5,down\n");
        Path job = job();

        assertThat(run("feed", file.toString(), "--job", job.toString(), "--limit", "1"))
                .as(err.toString())
                .isZero();
        assertThat(err.toString()).contains("done: sent 1 records to " + topic);
        Target target = new Target.Classes(List.of("down", "up"));
        kafka.createTopic("predictions", 1);
        send(
                "predictions",
                PredictionFormat.of(new Format.Avro(null), target)
                        .write(new Prediction("a", "k", 7, new float[] {0.25f, 0.75f}, 1, 3, 9)));
        assertThat(run("consume", topic, "--job", job.toString())).isZero();
        assertThat(run("consume", "predictions", "--job", job.toString())).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).isEqualTo("{\"id\": \"a\", \"x\": 1.5, \"label\": \"up\"}");
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("prediction").asText())
                .isEqualTo("up");
    }

    @Test
    void whatAJobRefersToIsPutInItsPlace() throws Exception {
        Path servers = Files.writeString(directory.resolve("servers"), kafka.bootstrapServers() + "\n");
        Path job = Files.writeString(
                job(), Files.readString(job()).replace(kafka.bootstrapServers(), "${file:" + servers + "}"));
        Path file = Files.writeString(directory.resolve("events.csv"), "id,x,label\na,1.5,up\n");

        assertThat(run("feed", file.toString(), "--job", job.toString()))
                .as(err.toString())
                .isZero();
        assertThat(run("consume", topic, "--job", job.toString())).isZero();
        assertThat(out.toString().lines()).containsExactly("{\"id\": \"a\", \"x\": 1.5, \"label\": \"up\"}");
    }

    @Test
    void printsWhatIsNoPredictionAsItIs() throws Exception {
        send(topic, new byte[] {1, 2, 3});
        send(topic, "two\nlines".getBytes(StandardCharsets.UTF_8));

        for (String format : List.of("json", "avro")) {
            String job = """
                    source: {kafka: {bootstrap-servers: "%s", topic: events}}
                    label: {field: label, classes: [down, up]}
                    features: [{numeric: [x]}]
                    predictions: {kafka: {topic: %s}, format: %s}
                    """.formatted(kafka.bootstrapServers(), topic, format);
            Path file = Files.writeString(directory.resolve("job.yaml"), job);
            out.getBuffer().setLength(0);
            assertThat(run("consume", topic, "--job", file.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString().lines())
                    .containsExactly("{\"value\":\"\\u0001\\u0002\\u0003\"}", "{\"value\":\"two\\nlines\"}");
        }
    }

    @Test
    void deadLettersTellWhyAndWhere() throws Exception {
        ProducerRecord<byte[], byte[]> text = deadLetter("not JSON".getBytes(StandardCharsets.UTF_8));
        ProducerRecord<byte[], byte[]> binary = deadLetter(new byte[] {(byte) 0xff, 0});
        send(text);
        send(binary);

        assertThat(millrace("consume", topic)).isZero();
        String where = "{\"reason\":\"no key\",\"topic\":\"events\",\"partition\":2,\"offset\":17,\"timestamp\":5,";
        assertThat(out.toString().lines())
                .containsExactly(
                        where + "\"value\":\"not JSON\"}", where + "\"value\":\"/wA=\",\"encoding\":\"base64\"}");
    }

    @Test
    void printsWhatIsNotJsonAsText() throws Exception {
        send(topic, "plain words".getBytes(StandardCharsets.UTF_8));
        send(topic, new byte[] {(byte) 0x80});

        assertThat(millrace("consume", topic, "--uncommitted")).isZero();
        assertThat(out.toString().lines())
                .containsExactly("{\"value\":\"plain words\"}", "{\"value\":\"gA==\",\"encoding\":\"base64\"}");
    }

    @Test
    void followsUntilTheLimit() throws Exception {
        for (int record = 0; record < 5; record++) {
            send(topic, Integer.toString(record).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(millrace("consume", topic, "--follow", "--from-beginning", "--limit", "3"))
                .isZero();
        assertThat(out.toString().lines()).containsExactly("0", "1", "2");
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() throws Exception {
        send(topic, "1".getBytes(StandardCharsets.UTF_8));
        CommandLine command = Millrace.commandLine();
        command.setOut(new PrintWriter(new ClosedWriter())).setErr(new PrintWriter(err));

        assertThat(command.execute(
                        "consume",
                        topic,
                        "--follow",
                        "--from-beginning",
                        "--bootstrap-servers",
                        kafka.bootstrapServers()))
                .isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aRecordThatDoesNotFitEndsTheFeedWithItsLine() throws Exception {
        Path file = Files.writeString(directory.resolve("events.csv"), "id,x,label\na,1.5,up\nb,much,down\n");
        Path schema = Files.writeString(directory.resolve("event.avsc"), SCHEMA);

        assertThat(millrace("feed", file.toString(), "--topic", topic, "--schema", schema.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("sent 1 records", "events.csv: line 3: x=\"much\"");
    }

    @Test
    void saysWhatIsMissingInOneSentence() {
        assertThat(millrace("consume", topic + "x")).isEqualTo(ExitCode.FAILED);
        assertThat(millrace("feed", "nowhere.csv", "--topic", topic)).isEqualTo(ExitCode.FAILED);
        assertThat(millrace("feed", "nowhere.csv", "--topic", topic + "y")).isEqualTo(ExitCode.FAILED);
        assertThat(run("consume", topic, "--bootstrap-servers", "127.0.0.1:1")).isEqualTo(ExitCode.FAILED);
        assertThat(millrace("feed", "nowhere.csv")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(millrace("consume", topic, "--limit", "0")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(err.toString())
                .contains("TOPIC=" + topic + "x is not a topic at " + kafka.bootstrapServers())
                .contains("there is no file nowhere.csv")
                .contains("--topic=" + topic + "y is not a topic at " + kafka.bootstrapServers() + "; did you mean \""
                        + topic + "\"?; --create makes it")
                .contains("cannot reach Kafka at 127.0.0.1:1 (--bootstrap-servers)")
                .contains("--topic or --job must be given")
                .contains("--limit=0 must be >= 1")
                .doesNotContain("Exception");
    }

    private int millrace(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--bootstrap-servers";
        all[arguments.length + 1] = kafka.bootstrapServers();
        return run(all);
    }

    private int run(String... arguments) {
        return Millrace.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private Path job() throws Exception {
        Files.writeString(directory.resolve("event.avsc"), SCHEMA);
        return Files.writeString(directory.resolve("job.yaml"), """
                source:
                  kafka: {bootstrap-servers: "%s", topic: %s}
                  format: {avro: {schema: event.avsc}}
                event: {id: id}
                label: {field: label, classes: [down, up]}
                predictions: {kafka: {topic: predictions}, format: {avro: {}}}
                """.formatted(kafka.bootstrapServers(), topic));
    }

    private ProducerRecord<byte[], byte[]> deadLetter(byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, value);
        Map.of(
                        DeadLetterRecords.REASON, "no key",
                        DeadLetterRecords.TOPIC, "events",
                        DeadLetterRecords.PARTITION, "2",
                        DeadLetterRecords.OFFSET, "17",
                        DeadLetterRecords.TIMESTAMP, "5")
                .forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static void send(String topic, byte[] value) throws Exception {
        send(new ProducerRecord<>(topic, value));
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    /** The end of a pipe whose reader has gone. */
    private static final class ClosedWriter extends Writer {
        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("Broken pipe");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
