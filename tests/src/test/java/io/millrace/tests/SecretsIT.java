package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.kafka.KafkaCheck;
import io.millrace.jobs.local.LocalKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job on a broker that wants TLS and a password: it works, and nothing it leaves behind shows the password. */
class SecretsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String PASSWORD = "hunter2-of-the-user";
    private static final String STORE_PASSWORD = "hunter2-of-the-store";
    private static final String RACK = "hunter2-of-the-rack"; // a setting whose name does not look like a secret's
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private static final Pattern WEB_UI = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @TempDir
    private Path secrets;

    @TempDir
    private Path directory;

    private LocalKafka kafka;

    @BeforeEach
    void startKafka() throws Exception {
        Path store = secrets.resolve("store.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        Files.writeString(secrets.resolve("jaas"), LOGIN + " username=\"u\" password=\"" + PASSWORD + "\";\n");
        Files.writeString(secrets.resolve("wrong"), LOGIN + " username=\"u\" password=\"" + PASSWORD + "x\";\n");
        Files.writeString(secrets.resolve("store-password"), STORE_PASSWORD);
        Files.writeString(secrets.resolve("rack"), RACK);
        kafka = LocalKafka.temporary(Map.of(
                "listener.security.protocol.map",
                "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config",
                LOGIN + " username=\"u\" password=\"" + PASSWORD + "\" user_u=\"" + PASSWORD + "\";",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                STORE_PASSWORD,
                "ssl.truststore.location",
                store.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD));
        try (KafkaCheck check = KafkaCheck.of(kafka.bootstrapServers(), client(), "test")) {
            check.ensureTopic("events", 1);
        }
    }

    @AfterEach
    void stopKafka() {
        kafka.close();
    }

    private Map<String, String> client() throws IOException {
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                Files.readString(secrets.resolve("jaas")),
                "ssl.truststore.location",
                secrets.resolve("store.p12").toString(),
                "ssl.truststore.password",
                STORE_PASSWORD);
    }

    private void writeJob(String jaas, String more) throws IOException {
        Files.writeString(directory.resolve("job.yaml"), """
                name: secretive
                source:
                  kafka:
                    bootstrap-servers: "SERVERS"
                    topic: events
                    properties:
                      security.protocol: SASL_SSL
                      sasl.mechanism: PLAIN
                      sasl.jaas.config: "${file:SECRETS/JAAS}"
                      ssl.truststore.location: "SECRETS/store.p12"
                      ssl.truststore.password: "${file:SECRETS/store-password}"
                      client.rack: "${file:SECRETS/rack}"
                      delivery.timeout.ms: 2000
                      request.timeout.ms: 1000
                      linger.ms: 0
                      max.block.ms: 2000
                      MORE
                label: {field: price}
                features: [{numeric: [demand]}]
                checkpoints: {every: 500 ms}
                snapshots: {directory: models, every: 1 events}
                predictions: {kafka: {topic: predictions}}
                telemetry: {kafka: {topic: telemetry}}
                dead-letters: {kafka: {topic: dead}}
                """.replace("SERVERS", kafka.bootstrapServers())
                .replace("SECRETS", secrets.toString())
                .replace("JAAS", jaas)
                .replace("MORE", more));
    }

    @Test
    void staySecretWhileTheJobWorks() throws Exception {
        writeJob("jaas", "");
        StringBuilder seen = new StringBuilder();
        try (CommandLine validate = CommandLine.millrace(directory, "validate", "job.yaml")) {
            assertThat(validate.exitCode(PATIENCE)).isZero();
            seen.append(validate.out()).append(validate.err());
        }
        send("{\"price\": 1, \"demand\": 2}", "no JSON", "{\"price\": 3, \"demand\": 4}");
        try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml")) {
            run.awaitText("is running", PATIENCE);
            Matcher webUi = WEB_UI.matcher(run.err());
            assertThat(webUi.find()).isTrue();
            awaitFile("models", "manifest.json", run);
            seen.append(everythingAt(webUi.group()));
            run.interrupt();
            run.exitCode(PATIENCE);
            seen.append(run.out()).append(run.err());
        }
        for (String topic : List.of("predictions", "telemetry", "dead")) {
            seen.append(everythingIn(topic));
        }
        assertThat(seen.toString())
                .contains("secretive", "${file:" + secrets, "the record is not valid JSON")
                .doesNotContain("hunter2");
        assertThat(Files.readString(directory.resolve("millrace.log"))).contains("MiniCluster");
        nothingShowsThem();
    }

    @Test
    void staySecretWhenTheLoginFails() throws Exception {
        writeJob("wrong", "");
        try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--debug")) {
            assertThat(run.exitCode(PATIENCE)).isNotZero();
            assertThat(run.err())
                    .contains("refuses the login: check the security settings in properties")
                    .doesNotContain("hunter2");
        }
        nothingShowsThem();
    }

    @Test
    void staySecretWhenASettingIsWrong() throws Exception {
        writeJob("jaas", "max.poll.records: \"${file:" + secrets + "/rack}\"");
        try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--debug")) {
            assertThat(run.exitCode(PATIENCE)).isNotZero();
            assertThat(run.err())
                    .contains("source.kafka.properties.max.poll.records: what it refers to must be")
                    .doesNotContain("hunter2");
        }
        nothingShowsThem();
    }

    @Test
    void staySecretWhenTheJobFails() throws Exception {
        writeJob("jaas", "");
        send("{\"price\": 1, \"demand\": 2}");
        try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--debug")) {
            run.awaitText("is running", PATIENCE);
            Matcher webUi = WEB_UI.matcher(run.err());
            assertThat(webUi.find()).isTrue();
            awaitFile("models", "manifest.json", run);
            kafka.close();
            run.awaitText("the job failed", PATIENCE);
            assertThat(everythingAt(webUi.group())).contains("Exception").doesNotContain("hunter2");
            run.kill();
            assertThat(run.out() + run.err()).doesNotContain("hunter2");
        }
        nothingShowsThem();
    }

    private void send(String... values) throws Exception {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("events", value.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    /** Keys, values and headers of a topic's records. */
    private String everythingIn(String topic) throws IOException {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        StringBuilder all = new StringBuilder();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (consumer.position(partitions.get(0))
                    < consumer.endOffsets(partitions).get(partitions.get(0))) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofSeconds(1))) {
                    all.append(each.key()).append(each.value());
                    each.headers().forEach(header -> all.append(new String(header.value(), StandardCharsets.UTF_8)));
                }
            }
        }
        assertThat(all).as(topic).isNotEmpty();
        return all.toString();
    }

    private void awaitFile(String below, String name, CommandLine run) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (files(directory.resolve(below)).stream().noneMatch(file -> file.endsWith(name))) {
            assertThat(run.runs() && System.nanoTime() < deadline)
                    .as("%s below %s\n%s", name, below, run.err())
                    .isTrue();
        }
    }

    /** What Flink's REST interface tells of the job and of itself. */
    private static String everythingAt(String webUi) throws Exception {
        String jobs = ask(webUi + "/jobs");
        Matcher id = Pattern.compile("[0-9a-f]{32}").matcher(jobs);
        assertThat(id.find()).as(jobs).isTrue();
        StringBuilder all = new StringBuilder(jobs);
        for (String page : List.of("", "/plan", "/config", "/checkpoints", "/exceptions", "/checkpoints/config")) {
            String answer = ask(webUi + "/jobs/" + id.group() + page);
            all.append(answer);
            Matcher vertex = Pattern.compile("\"id\":\"([0-9a-f]{32})\"").matcher(answer);
            while (vertex.find()) {
                all.append(ask(webUi + "/jobs/" + id.group() + "/vertices/" + vertex.group(1)));
            }
        }
        return all + ask(webUi + "/jobmanager/config") + ask(webUi + "/jobs/overview") + ask(webUi + "/config");
    }

    private static String ask(String address) throws Exception {
        HttpRequest question = HttpRequest.newBuilder(URI.create(address)).build();
        return HttpClient.newHttpClient()
                .send(question, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Logs, checkpoints, the savepoint, snapshots and whatever else lies there. */
    private void nothingShowsThem() throws IOException {
        List<Path> files = files(directory);
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("hunter2"))
                    .as("a secret in %s", file)
                    .isFalse();
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
