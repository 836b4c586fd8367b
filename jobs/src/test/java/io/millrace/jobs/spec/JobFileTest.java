package io.millrace.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.event.Format;
import io.millrace.jobs.yaml.Mistake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {
    @TempDir
    private Path directory;

    @Test
    void everythingButSourceLabelAndFeaturesHasADefault() throws IOException {
        String printed = JobFile.FORMAT.print(read("""
            source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
            label: {field: price}
            features: [{numeric: [demand]}]
            """));

        assertThat(printed).isEqualTo("""
            name: millrace
            source:
              kafka:
                bootstrap-servers: localhost:9092
                topic: events
                start: earliest
                properties: {}
              format: json
            event: {time-unit: milliseconds, out-of-orderness: 5 s}
            label: {field: price, kind: regression}
            features:
            - numeric: [demand]
            model:
              layers:
              - standardize
              - dense: {units: 64, initializer: he}
              - {layer-norm: 1.0E-5}
              - tanh
              optimizer: {auto: 3}
              schedule: constant
              regularization: {l2: 0.0}
              seed: 1
            executor: auto
            device: auto
            updates: per-event
            micro-batch: {rows: 128, max-delay: 5 ms}
            parallelism: 1
            checkpoints: {every: 10 s}
            state: {cache: 256 MB, on-layout-change: refuse}
            telemetry: {every: 1000 events, recent: 10000 events, half-life: 2000 events, keys: 10}
            """);
    }

    @Test
    void softLabelPrintsItsClasses() throws IOException {
        String printed = JobFile.FORMAT.print(read("""
            source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
            label: {fields: [p_down, p_up]}
            features: [{numeric: [demand]}]
            """));

        assertThat(printed).contains("""
            label:
              fields: [p_down, p_up]
              classes: [p_down, p_up]
              kind: classification
            """);
    }

    @Test
    void readsItsOwnPrint() throws IOException {
        JobSpec spec = read("""
            source:
              kafka: {bootstrap-servers: "localhost:9092", topic: events, properties: {acks: all}}
              format: {csv: {header: [a, b, c, d], delimiter: ";"}}
            event: {key: a, weight: d}
            label: {field: b, classes: [0, 1]}
            model:
              layers: [standardize, {dropout: 0.1}]
              loss: cross-entropy
              optimizer: adam
              on-drift: {boost: {factor: 3, detector: {hddm-a: 0.01}, watch: loss}}
            snapshots: {directory: there, every: 100000 events}
            predictions: {kafka: {topic: predictions}, format: avro}
            """);

        assertThat(read(JobFile.FORMAT.print(spec))).isEqualTo(spec);
    }

    /** As text, hour 07 would be no number, and each of its events a dead letter. */
    @Test
    void whatIsReadAsANumberIsNoNameToo() throws IOException {
        JobSpec spec = read("""
            source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
            event: {key: hour, id: at, time: at}
            label: {field: price}
            features: [{numeric: [demand, hour]}, {categorical: {field: station}}]
            """);

        assertThat(spec.names()).containsExactly("station");
    }

    @Test
    void labelsMayComeOnATopicOfTheirOwn() throws IOException {
        JobSpec spec = read("""
                source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
                event: {id: payment, key: card}
                label: {field: fraud, classes: ["no", "yes"]}
                label-join: {kafka: {topic: chargebacks}, timeout: 7 d, on-timeout: {label: "no"}}
                features: [{numeric: [amount]}]
                """);

        assertThat(JobFile.FORMAT.print(spec)).contains("""
                label-join:
                  kafka:
                    topic: chargebacks
                    properties: {}
                  format: json
                  timeout: 7 d
                  on-timeout: {label: no}
                  at-most: 1000
                """);
        assertThat(spec.labelJoin().join(spec.label()).onTimeout()).containsExactly(0);
        assertThat(spec.labelJoin().fields(spec.event()).id()).isEqualTo("payment");
        assertThat(spec.labelJoin().source(spec.source().kafka()).bootstrapServers())
                .isEqualTo("localhost:9092");
    }

    @Test
    void mistakesInALabelJoinAreAnsweredAllAtOnce() {
        assertThat(mistakes("{timeout: 7 d}", "{key: card}"))
                .containsExactly("event: missing key id: label-join finds the event of a label by it");
        assertThat(mistakes("{timeout: 7 d, id: p, on-timeout: {label: perhaps}}", "{id: payment}"))
                .containsExactly(
                        "label-join.id: is for labels on a topic of their own (label-join.kafka); those on the events'"
                                + " topic use event.id",
                        "label-join.on-timeout.label: label=\"perhaps\" is not one of the classes [no, yes]");
        assertThat(mistakes("{kafka: {topic: events}, timeout: 7 d}", "{id: payment}"))
                .containsExactly("label-join.kafka.topic: \"events\" is already used by source.kafka.topic");
        assertThat(mistakes(
                        "{kafka: {topic: l}, timeout: 7 d, format: {csv: {header: [paymen, fraud]}}}", "{id: payment}"))
                .containsExactly("label-join.id: id=payment is not a field of the CSV header; did you mean \"paymen\"?"
                        + " (fields: paymen, fraud)");
        assertThat(mistakes("{time-out: 7 d}", "{id: payment}"))
                .singleElement()
                .asString()
                .contains("label-join.time-out: unknown key; did you mean \"timeout\"?");
        assertThat(mistakes("{timeout: 7 d, on-timeout: forget}", "{id: payment}"))
                .singleElement()
                .asString()
                .contains("unknown on-timeout \"forget\"; allowed: drop, label");
    }

    private List<String> mistakes(String join, String event) {
        try {
            return JobFile.read(Files.writeString(directory.resolve("job.yaml"), """
                            source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
                            event: EVENT
                            label: {field: fraud, classes: ["no", "yes"]}
                            label-join: JOIN
                            features: [{numeric: [amount]}]
                            """.replace("EVENT", event)
                            .replace("JOIN", join)))
                    .mistakes()
                    .stream()
                    .map(mistake -> mistake.toString().replaceFirst("^.*job.yaml:\\d+:\\d+: ", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void pathOfASchemaBeginsBesideTheFile() throws IOException {
        Path schema = Files.writeString(directory.resolve("event.avsc"), """
            {"type": "record", "name": "Event", "fields": [
              {"name": "price", "type": "double"}, {"name": "demand", "type": ["null", "int"]}]}
            """);
        JobSpec spec = read("""
            source:
              kafka: {bootstrap-servers: "localhost:9092", topic: events}
              format: {avro: {schema: event.avsc}}
            label: {field: price}
            """);

        assertThat(spec.source().format()).isEqualTo(new Format.Avro(schema.toString()));
    }

    @Test
    void modelsThatDoNotFitIntoMemoryAreRefused() throws IOException {
        List<Mistake> mistakes = JobFile.read(Files.writeString(directory.resolve("job.yaml"), """
            source: {kafka: {bootstrap-servers: "localhost:9092", topic: events}}
            label: {field: y}
            features: [{numeric: [x]}]
            model:
              layers: [{dense: {units: 8000, initializer: zeros}}, {dense: {units: 65536, initializer: zeros}}]
              optimizer: {sgd: 0.1}
            """))
                .mistakes();

        assertThat(mistakes).singleElement().satisfies(mistake -> {
            assertThat(mistake.path()).isEqualTo("model");
            assertThat(mistake.message()).matches("the model does not fit into the \\d+ MB of memory of this process");
        });
    }

    @Test
    void everyIsATimeOrANumberOfEvents() {
        assertThat(Every.parse("10 min")).isEqualTo(new Every.Time(Duration.ofMinutes(10)));
        assertThat(Every.parse("100000 events")).isEqualTo(new Every.Events(100_000));
        assertThat(Every.parse("10 min")).hasToString("10 min");
        assertThat(Every.parse("100000 events")).hasToString("100000 events");
        assertThatThrownBy(() -> Every.parse("0 events")).hasMessage("found 0 events: must be >= 1");
        assertThatThrownBy(() -> Every.parse("0 s")).hasMessage("found 0 ms: must be > 0");
        assertThatThrownBy(() -> Every.parse("often"))
                .hasMessage("expected a duration such as 10 min or a number of events such as 100000 events, found"
                        + " \"often\"");
    }

    @Test
    void memoryIsWrittenInKilobytesOfTwoToTheTen() {
        assertThat(Bytes.parse("256 MB")).isEqualTo(new Bytes(256L << 20));
        assertThat(Bytes.parse("3gb")).isEqualTo(new Bytes(3L << 30));
        assertThat(Bytes.parse("1536 KB")).hasToString("1536 KB");
        assertThat(new Bytes(2L << 30)).hasToString("2 GB");
        assertThatThrownBy(() -> Bytes.parse("0 MB")).hasMessage("found 0 bytes: must be >= 1");
        assertThatThrownBy(() -> Bytes.parse("1 TB"))
                .hasMessage("expected an amount of memory such as 256 MB, found \"1 TB\"");
    }

    private JobSpec read(String yaml) throws IOException {
        return JobFile.read(Files.writeString(directory.resolve("job.yaml"), yaml))
                .orThrow();
    }
}
