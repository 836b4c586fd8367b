package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.layer.Layer;
import io.millrace.models.loss.Loss;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.spec.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Mistakes a new user makes in a job file, each answered in one clear line at the right place. */
class TwentyMistakesTest {
    private static final String LAYERS = names(Layer.class);
    private static final String LOSSES = names(Loss.class);
    private static final String OPTIMIZERS = names(Optimizer.class);

    private static final String JOB = resource("job.yaml");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void isAnsweredInOneLine(String name, String right, String wrong, String answer) throws IOException {
        assertThat(JOB).contains(right);

        int exitCode = validate(JOB.replace(right, wrong));

        assertThat(err.toString().replace(directory.toString() + "/", "")).isEqualTo(answer + "\n1 mistake\n");
        assertThat(out.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(ExitCode.WRONG_SPEC);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "typoInAKey",
                        "bootstrap-servers: localhost",
                        "bootstrap-server: localhost",
                        "job.yaml:4:5: source.kafka.bootstrap-server: unknown key; did you mean \"bootstrap-servers\"? Allowed: bootstrap-servers, topic, start, group, properties"),
                mistake(
                        "typoInATopLevelKey",
                        "snapshots:",
                        "snapshot:",
                        "job.yaml:17:1: snapshot: unknown key; did you mean \"snapshots\"? Allowed: name, source, event, label, label-join, features, model, executor, device, updates, micro-batch, parallelism, checkpoints, state, snapshots, predictions, telemetry, dead-letters"),
                mistake(
                        "unknownKey",
                        "name: electricity",
                        "title: electricity",
                        "job.yaml:1:1: title: unknown key; allowed: name, source, event, label, label-join, features, model, executor, device, updates, micro-batch, parallelism, checkpoints, state, snapshots, predictions, telemetry, dead-letters"),
                mistake(
                        "missingRequiredKey",
                        "    topic: events\n",
                        "",
                        "job.yaml:4:5: source.kafka: missing key topic (name of the topic)"),
                mistake(
                        "missingSection",
                        "label: {field: class, classes: [DOWN, UP]}\n",
                        "",
                        "job.yaml:1:1: missing key label (what is to be predicted)"),
                mistake(
                        "textForANumber",
                        "buckets: 8",
                        "buckets: eight",
                        "job.yaml:12:44: features[1].categorical.buckets: expected a whole number, found \"eight\""),
                mistake(
                        "quotedNumber",
                        "buckets: 8",
                        "buckets: \"8\"",
                        "job.yaml:12:44: features[1].categorical.buckets: expected a whole number, found \"8\"; remove the quotes"),
                mistake(
                        "fractionForAWholeNumber",
                        "buckets: 8",
                        "buckets: 8.5",
                        "job.yaml:12:44: features[1].categorical.buckets: expected a whole number, found 8.5"),
                mistake(
                        "numberThatDoesNotFit",
                        "buckets: 8",
                        "buckets: 99999999999",
                        "job.yaml:12:44: features[1].categorical.buckets: expected a whole number, found 99999999999, which is too large"),
                mistake(
                        "negativeLearningRate",
                        "learning-rate: 3e-3",
                        "learning-rate: -0.1",
                        "job.yaml:16:37: model.optimizer.adam.learning-rate: found -0.1: must be > 0"),
                mistake(
                        "zeroUnits",
                        "dense: 64",
                        "dense: 0",
                        "job.yaml:14:33: model.layers[1].dense: found 0: must be >= 1"),
                mistake(
                        "typoInALayer",
                        "relu]",
                        "rleu]",
                        "job.yaml:14:50: model.layers[3]: unknown layer \"rleu\"; did you mean \"relu\"? Allowed: "
                                + LAYERS),
                mistake(
                        "typoInALoss",
                        "cross-entropy",
                        "crossentropy",
                        "job.yaml:15:9: model.loss: unknown loss \"crossentropy\"; did you mean \"cross-entropy\"? Allowed: "
                                + LOSSES),
                mistake(
                        "unknownOptimizer",
                        "{adam: {learning-rate: 3e-3}}",
                        "lion",
                        "job.yaml:16:14: model.optimizer: unknown optimizer \"lion\"; allowed: " + OPTIMIZERS),
                mistake(
                        "layerWithoutItsSize",
                        "{dense: 64}",
                        "dense",
                        "job.yaml:14:25: model.layers[1]: dense needs units (number of units): write {dense: {units: ...}}"),
                mistake(
                        "twoLayersInOneMapping",
                        "{dense: 64}",
                        "{dense: 64, dropout: 0.5}",
                        "job.yaml:14:25: model.layers[1]: expected one of " + LAYERS
                                + ", found a mapping with the keys [dense, dropout]"),
                mistake(
                        "lossThatDoesNotFitTheLabel",
                        "loss: cross-entropy",
                        "loss: squared",
                        "job.yaml:15:9: model.loss: squared needs a value to predict, and the label is a class: use cross-entropy"),
                mistake(
                        "classesLeftOut",
                        "class, classes: [DOWN, UP]}\nfeatures:\n  - numeric: [nswprice, nswdemand]",
                        "nswprice}\nfeatures:\n  - numeric: [nswdemand]",
                        "job.yaml:15:9: model.loss: cross-entropy needs classes, and the label is a value: use squared or huber"),
                mistake(
                        "singleClass",
                        "[DOWN, UP]",
                        "[UP]",
                        "job.yaml:9:32: label.classes: found 1: number of entries must be >= 2"),
                mistake(
                        "sameClassTwice",
                        "[DOWN, UP]",
                        "[UP, UP]",
                        "job.yaml:9:32: label.classes: classes=[UP, UP] must be distinct"),
                mistake(
                        "labelWithoutAField",
                        "{field: class, classes",
                        "{classes",
                        "job.yaml:9:8: label: one of field, fields must be given, and 0 are"),
                mistake(
                        "unknownFieldOfASoftLabel",
                        "{field: class, classes",
                        "{fields: [weekday, clas], classes",
                        "job.yaml:9:27: label.fields[1]: the events have no field \"clas\"; did you mean \"class\"? Allowed: event_id, station, ts, nswprice, nswdemand, weekday, class"),
                mistake(
                        "textForAProbability",
                        "{field: class, classes",
                        "{fields: [ts, class], classes",
                        "job.yaml:9:22: label.fields[1]: label=class must be a number, but is text in the Avro schema event.avsc"),
                mistake(
                        "durationWithoutUnit",
                        "10 min",
                        "10",
                        "job.yaml:17:55: snapshots.every: expected a duration such as 10 min or a number of events such as 100000 events, found \"10\""),
                mistake(
                        "durationInAnotherUnit",
                        "10 min",
                        "10 minutes",
                        "job.yaml:17:55: snapshots.every: expected a duration such as 10 min or a number of events such as 100000 events, found \"10 minutes\""),
                mistake(
                        "unknownStateBackend",
                        "snapshots:",
                        "state: {backend: rockdb}\nsnapshots:",
                        "job.yaml:17:18: state.backend: unknown value \"rockdb\"; did you mean \"rocksdb\"? Allowed: hashmap, rocksdb"),
                mistake(
                        "memoryWithoutAUnit",
                        "snapshots:",
                        "state: {cache: 256}\nsnapshots:",
                        "job.yaml:17:16: state.cache: expected an amount of memory such as 256 MB, found \"256\""),
                mistake(
                        "missingSnapshot",
                        "snapshots:",
                        "state: {warm-start: /nowhere}\nsnapshots:",
                        "job.yaml:17:21: state.warm-start: /nowhere is no snapshot: it has no manifest.json"),
                mistake(
                        "modelsThatAreForgottenBeforeTheirLabelsCome",
                        "snapshots:",
                        "state: {ttl: 1 h}\nlabel-join: {timeout: 1 d}\nsnapshots:",
                        "job.yaml:17:14: state.ttl: 1 h must be >= 1 d, the timeout of label-join: a model would be forgotten before the labels it waits for"),
                mistake(
                        "priorWithoutItsKey",
                        "snapshots:",
                        "state: {prior: {snapshot: /nowhere}}\nsnapshots:",
                        "job.yaml:17:16: state.prior: missing key key (key of the model in it)"),
                mistake(
                        "resetToAPriorThatIsNotGiven",
                        "snapshots:",
                        "state: {on-refused-steps: {reset-to: prior}}\nsnapshots:",
                        "job.yaml:17:38: state.on-refused-steps.reset-to: prior needs state.prior: which model that is"),
                mistake(
                        "typoInWhatAModelIsResetTo",
                        "snapshots:",
                        "state: {on-refused-steps: {after: 5, reset-to: intial}}\nsnapshots:",
                        "job.yaml:17:48: state.on-refused-steps.reset-to: unknown value \"intial\"; did you mean \"initial\"? Allowed: initial, prior, snapshot"),
                mistake(
                        "typoInWhatAChangedLayoutDoes",
                        "snapshots:",
                        "state: {on-layout-change: tranfer}\nsnapshots:",
                        "job.yaml:17:27: state.on-layout-change: unknown value \"tranfer\"; did you mean \"transfer\"? Allowed: refuse, transfer, restart"),
                mistake(
                        "noTimeToLive",
                        "snapshots:",
                        "state: {ttl: 0 s}\nsnapshots:",
                        "job.yaml:17:14: state.ttl: found \"0 s\": seconds must be >= 0.001"),
                mistake(
                        "modelsThatAreForgottenAfterAges",
                        "snapshots:",
                        "state: {ttl: 40000 d}\nsnapshots:",
                        "job.yaml:17:14: state.ttl: found \"40000 d\": seconds must be <= 3153600000"),
                mistake(
                        "moreKeysThanAnybodyReads",
                        "snapshots:",
                        "telemetry: {keys: 1000000}\nsnapshots:",
                        "job.yaml:17:19: telemetry.keys: found 1000000: must be <= 100"),
                mistake(
                        "fewerKeysThanNone",
                        "snapshots:",
                        "telemetry: {keys: -1}\nsnapshots:",
                        "job.yaml:17:19: telemetry.keys: found -1: must be >= 0"),
                mistake(
                        "duplicateKey",
                        "    topic: events\n",
                        "    topic: events\n    topic: others\n",
                        "job.yaml:6:5: source.kafka.topic: duplicate key, first given on line 5"),
                mistake(
                        "listForAMapping",
                        "  kafka: {topic: predictions}",
                        "  kafka: [predictions]",
                        "job.yaml:19:10: predictions.kafka: expected a mapping with the keys topic, bootstrap-servers, properties, found a list"),
                mistake(
                        "textForAMapping",
                        "event: {id: event_id, key: station, time: ts}",
                        "event: event_id",
                        "job.yaml:8:8: event: expected a mapping with the keys key, id, time, time-unit, out-of-orderness, weight, found \"event_id\""),
                mistake(
                        "keyWithoutAValue",
                        "  loss: cross-entropy",
                        "  loss:",
                        "job.yaml:15:8: model.loss: expected one of " + LOSSES + ", found nothing"),
                mistake(
                        "sectionWithoutContent",
                        "model:\n  layers: [standardize, {dense: 64}, layer-norm, relu]\n  loss: cross-entropy\n  optimizer: {adam: {learning-rate: 3e-3}}\n",
                        "model:\n",
                        "job.yaml:13:7: model: expected a mapping with the keys layers, loss, optimizer, schedule, regularization, on-drift, seed, found nothing"),
                mistake(
                        "tabForIndentation",
                        "    topic: events",
                        "\ttopic: events",
                        "job.yaml:5:1: found a tab; YAML is indented with spaces"),
                mistake(
                        "wrongIndentation",
                        "    topic: events",
                        "     topic: events",
                        "job.yaml:5:11: not valid YAML: mapping values are not allowed here (check the indentation; a text that holds \": \" needs quotes)"),
                mistake(
                        "bracketLeftOpen",
                        "[DOWN, UP]}",
                        "[DOWN, UP}",
                        "job.yaml:9:41: not valid YAML: while parsing a flow sequence, expected ',' or ']', but got }"),
                mistake(
                        "missingSchemaFile",
                        "event.avsc",
                        "evnt.avsc",
                        "job.yaml:7:20: source.format.avro.schema: schema=evnt.avsc does not exist (evnt.avsc)"),
                mistake(
                        "avroWithoutASchema",
                        "{schema: event.avsc}",
                        "{}",
                        "job.yaml:7:11: source.format.avro.schema: schema must be given to read Avro"),
                mistake(
                        "unknownFieldInTheSchema",
                        "nswdemand]",
                        "nswdemnd]",
                        "job.yaml:11:25: features[0].numeric[1]: the events have no field \"nswdemnd\"; did you mean \"nswdemand\"? Allowed: event_id, station, ts, nswprice, nswdemand, weekday, class"),
                mistake(
                        "unknownKeyField",
                        "key: station",
                        "key: stattion",
                        "job.yaml:8:28: event.key: the events have no field \"stattion\"; did you mean \"station\"? Allowed: event_id, station, ts, nswprice, nswdemand, weekday, class"),
                mistake(
                        "labelAmongTheFeatures",
                        "nswdemand]",
                        "class]",
                        "job.yaml:11:25: features[0].numeric[1]: features=class is the label; a model must not see it"),
                mistake(
                        "sameFeatureTwice",
                        "nswdemand]",
                        "nswprice]",
                        "job.yaml:11:25: features[0].numeric[1]: features=nswprice is named twice"),
                mistake(
                        "serverWithoutPort",
                        "localhost:9092",
                        "localhost",
                        "job.yaml:4:24: source.kafka.bootstrap-servers: \"localhost\" must be host:port, as in localhost:9092"),
                mistake(
                        "topicThatIsReadAndWritten",
                        "topic: predictions",
                        "topic: events",
                        "job.yaml:19:18: predictions.kafka.topic: \"events\" is already used by source.kafka.topic"),
                mistake(
                        "csvPredictions",
                        "format: avro",
                        "format: csv",
                        "job.yaml:20:11: predictions.format: predictions are written as avro or json, not csv"),
                mistake(
                        "unsetVariable",
                        "localhost:9092",
                        "${env:MILLRACE_NOT_SET}",
                        "job.yaml:4:24: source.kafka.bootstrap-servers: environment variable \"MILLRACE_NOT_SET\" is not set"),
                mistake(
                        "wrongDelivery",
                        "  format: avro",
                        "  format: avro\n  delivery: exactly once",
                        "job.yaml:21:13: predictions.delivery: unknown value \"exactly once\"; did you mean \"exactly-once\"? Allowed: exactly-once, at-least-once"),
                mistake(
                        "gpuForTheJvm",
                        "name: electricity",
                        "name: electricity\nexecutor: jvm\ndevice: gpu",
                        "job.yaml:3:9: device: gpu needs executor djl or auto; executor jvm runs on the CPU"),
                mistake(
                        "batchesForTheJvm",
                        "name: electricity",
                        "name: electricity\nexecutor: jvm\nupdates: per-batch",
                        "job.yaml:3:10: updates: per-batch needs executor djl or auto; executor jvm learns event by event"),
                mistake(
                        "severalLearnersForABatch",
                        "  optimizer: {adam: {learning-rate: 3e-3}}\n",
                        "  optimizer: auto\nupdates: per-batch\n",
                        "job.yaml:16:14: model.optimizer: auto has several learners for each key, and updates: per-batch has one: choose another, as in {adam: 0.003}"),
                mistake(
                        "driftOfABatch",
                        "  optimizer: {adam: {learning-rate: 3e-3}}\n",
                        "  optimizer: {adam: {learning-rate: 3e-3}}\n  on-drift: reset\nupdates: per-batch\n",
                        "job.yaml:17:13: model.on-drift: watches one event after the other, and updates: per-batch learns many at once: choose updates: per-event"),
                mistake(
                        "checkpointsTooRareForTransactions",
                        "name: electricity",
                        "name: electricity\ncheckpoints: {every: 1 h}",
                        "job.yaml:2:22: checkpoints.every: 1 h must be < 15 min, the transaction.timeout.ms of predictions.kafka: Kafka ends transactions that last longer, and what they hold is lost"),
                mistake(
                        "checkpointsAsRareAsItsOwnTransactionTimeout",
                        "  kafka: {topic: predictions}",
                        "  kafka: {topic: predictions, properties: {transaction.timeout.ms: 10000}}",
                        "job.yaml:1:1: checkpoints.every: 10 s must be < 10 s, the transaction.timeout.ms of predictions.kafka: Kafka ends transactions that last longer, and what they hold is lost"),
                mistake(
                        "checkpointsTooRareForTheTransactionsOfDeadLetters",
                        "predictions:\n  kafka: {topic: predictions}\n  format: avro",
                        "dead-letters: {kafka: {topic: dead}}\ncheckpoints: {every: 16 min}",
                        "job.yaml:19:22: checkpoints.every: 16 min must be < 15 min, the transaction.timeout.ms of dead-letters.kafka: Kafka ends transactions that last longer, and what they hold is lost"),
                mistake(
                        "transactionTimeoutThatIsNoNumber",
                        "  kafka: {topic: predictions}",
                        "  kafka: {topic: predictions, properties: {transaction.timeout.ms: 10 s}}",
                        "job.yaml:19:68: predictions.kafka.properties.transaction.timeout.ms: transaction.timeout.ms must be a number of milliseconds in [1, 999999999]"),
                mistake(
                        "secretInTheFile",
                        "    topic: events",
                        "    topic: events\n    properties: {ssl.key.password: hunter2}",
                        "job.yaml:6:36: source.kafka.properties.ssl.key.password: a secret must be a reference, ${env:NAME} or ${file:PATH}, not the secret itself"),
                mistake(
                        "clientSettingThatIsNoNumber",
                        "    topic: events",
                        "    topic: events\n    properties: {max.poll.records: many, my.own: 1}",
                        "job.yaml:6:36: source.kafka.properties.max.poll.records: must be int, [1,...]"),
                mistake(
                        "clientSettingOfAnotherName",
                        "  kafka: {topic: predictions}",
                        "  kafka: {topic: predictions, properties: {security.protocol: SASL}}",
                        "job.yaml:19:63: predictions.kafka.properties.security.protocol: must be string, (case insensitive) [SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT]"),
                mistake("emptyFile", JOB, "", "job.yaml: the file is empty"),
                mistake("onlyComments", JOB, "# nothing\n", "job.yaml: the file is empty"),
                mistake(
                        "listAtTheTop",
                        JOB,
                        "- name: electricity\n",
                        "job.yaml:1:1: expected a mapping with the keys name, source, event, label, label-join, features, model, executor, device, updates, micro-batch, parallelism, checkpoints, state, snapshots, predictions, telemetry, dead-letters, found a list"),
                mistake(
                        "twoDocuments",
                        "name: electricity",
                        "name: electricity\n---",
                        "job.yaml:2:1: not valid YAML: expected a single document in the stream, but found another document"),
                mistake(
                        "secretInWrongPlace",
                        "    topic: events",
                        "    topic: events\n    properties: {a.password: [hunter2]}",
                        "job.yaml:6:30: source.kafka.properties.a.password: expected text, found a list"));
    }

    /** The names of a catalogue, in its order. */
    private static String names(Class<?> catalogue) {
        return Stream.of(catalogue.getPermittedSubclasses()).map(Settings::term).collect(Collectors.joining(", "));
    }

    private static Arguments mistake(String name, String right, String wrong, String answer) {
        return Arguments.of(name, right, wrong, answer);
    }

    @Test
    void listsEveryMistakeInTheOrderOfTheFile() throws IOException {
        String job = JOB.replace("topic: events", "topik: events")
                .replace("dense: 64", "dense: many")
                .replace("buckets: 8, dimension: 4", "buckets: 0, dimension: -1")
                .replace("adam", "adm");

        int exitCode = validate(job);

        assertThat(err.toString().lines().map(line -> line.replaceAll(".*job.yaml:(\\d+):.*", "$1")))
                .containsExactly("5", "12", "12", "14", "16", "5 mistakes");
        assertThat(exitCode).isEqualTo(ExitCode.WRONG_SPEC);
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        int exitCode = execute(directory.resolve("jop.yaml"));

        assertThat(err.toString()).isEqualTo(directory.resolve("jop.yaml") + ": there is no such file\n1 mistake\n");
        assertThat(exitCode).isEqualTo(ExitCode.WRONG_SPEC);
    }

    @Test
    void acceptsTheJobWithoutMistakes() throws IOException {
        assertThat(validate(JOB)).isEqualTo(ExitCode.FINE);
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).startsWith("name: electricity\nsource:\n");
    }

    private int validate(String job) throws IOException {
        Files.writeString(directory.resolve("event.avsc"), resource("event.avsc"));
        return execute(Files.writeString(directory.resolve("job.yaml"), job));
    }

    private int execute(Path job) {
        CommandLine millrace = Millrace.commandLine();
        millrace.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return millrace.execute("validate", job.toString());
    }

    private static String resource(String name) {
        try (InputStream file = TwentyMistakesTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
