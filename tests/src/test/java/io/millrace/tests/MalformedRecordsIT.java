package io.millrace.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventReader;
import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.spec.JobFile;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.tests.fuzz.GoodRecord;
import io.millrace.tests.fuzz.Mutator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Malformed records, {@code -Dmalformed=100000} of them or fewer, through a whole job from Kafka to Kafka, in a JVM of 768
 * MiB. One in 400 holds 10 MB of one byte, so that a job that kept them would run out of memory.
 */
class MalformedRecordsIT {
    private static final int MALFORMED = Integer.getInteger("malformed", 5_000) / GoodRecord.values().length;
    private static final int HUGE = 10 << 20;
    private static final int ROOM = (1 << 20) - (32 << 10); // of a dead letter in a producer's request
    private static final long SEED = 20_261_121;
    private static final Duration PATIENCE = Duration.ofMinutes(9);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    /**
     * What must become of a record.
     *
     * @param reason of its dead letter; null if it can still be read
     * @param length of its value, in bytes
     * @param checksum of as much of it as a dead letter holds
     */
    private record Sent(String reason, int length, long checksum) {
        static Sent of(byte[] value, DeadLetter letter) {
            String reason = letter == null ? null : new String(letter.reason().getBytes(UTF_8), UTF_8); // as in Kafka
            return new Sent(reason, value.length, checksumOf(value));
        }
    }

    private final List<Sent> sent = new ArrayList<>(); // by offset
    private final BitSet predicted = new BitSet();
    private final BitSet refused = new BitSet();
    private final BitSet known = new BitSet();

    @ParameterizedTest
    @EnumSource
    void areOneDeadLetterEachAndStopNothing(GoodRecord format) throws Exception {
        Map<String, String> broker = Map.of("message.max.bytes", "16000000");
        try (LocalKafka kafka = LocalKafka.temporary(broker)) {
            kafka.createTopic("events", 1);
            String servers = kafka.bootstrapServers();
            GoodRecord.writeSchema(directory);
            EventReader reader =
                    JobGraph.reader(JobFile.read(write(servers, format.yaml())).orThrow());
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml")) {
                run.awaitText("is running", PATIENCE);
                send(servers, reader, format.bytes());
                eachHasComeOnce(servers, run);
                assertThat(run.err()).doesNotContain("failed");
            }
        }
    }

    private Path write(String servers, String format) throws Exception {
        return Files.writeString(
                directory.resolve("job.yaml"), """
                name: malformed
                source: {kafka: {bootstrap-servers: "SERVERS", topic: events}, format: FORMAT}
                event: {key: station, time: ts, weight: w}
                label: {field: class, classes: [DOWN, UP]}
                features: [{numeric: [price]}, {categorical: day}]
                checkpoints: {every: 1 s}
                predictions: {kafka: {topic: predictions}}
                dead-letters: {kafka: {topic: dead}}
                """.replace("SERVERS", servers).replace("FORMAT", format));
    }

    /** Sends damaged records until so many are malformed; some can still be read. */
    private void send(String servers, EventReader reader, byte[] good) throws Exception {
        Mutator mutator = new Mutator(SEED);
        List<Future<?>> answers = new ArrayList<>();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "max.request.size", 16_000_000, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int malformed = 0; malformed < MALFORMED; ) {
                int offset = sent.size();
                byte[] value = offset % 400 == 0 ? mutator.inflated(good, HUGE) : mutator.damaged(good);
                Decoded decoded = reader.read(null, value, new Origin("events", 0, offset, 0));
                sent.add(Sent.of(value, decoded.deadLetter()));
                malformed += decoded.deadLetter() == null ? 0 : 1;
                answers.add(producer.send(new ProducerRecord<>("events", value)));
            }
            for (Future<?> each : answers) {
                each.get();
            }
        }
    }

    /** What a model refuses to learn may have a prediction and a dead letter. */
    private void eachHasComeOnce(String servers, CommandLine run) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var predictions = new Topic(servers, "predictions").consumer();
                var deadLetters = new Topic(servers, "dead").consumer()) {
            while (known.cardinality() < sent.size()) {
                assertThat(run.runs() && System.nanoTime() < deadline)
                        .as("%d of %d records have come out\n%s", known.cardinality(), sent.size(), run.err())
                        .isTrue();
                read(predictions, deadLetters);
            }
            run.interrupt();
            run.exitCode(PATIENCE);
            while (!atEnd(predictions) || !atEnd(deadLetters)) {
                read(predictions, deadLetters);
            }
        }
    }

    private static boolean atEnd(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void read(KafkaConsumer<byte[], byte[]> predictions, KafkaConsumer<byte[], byte[]> deadLetters)
            throws Exception {
        for (ConsumerRecord<byte[], byte[]> each : predictions.poll(Duration.ofMillis(50))) {
            isOfARecordThatCanBeRead(each);
        }
        for (ConsumerRecord<byte[], byte[]> each : deadLetters.poll(Duration.ofMillis(50))) {
            isOfItsRecord(each);
        }
    }

    private void isOfARecordThatCanBeRead(ConsumerRecord<byte[], byte[]> prediction) throws Exception {
        String id = JSON.readTree(prediction.value()).path("id").asText();
        int offset = Integer.parseInt(id.substring("0-".length()));
        assertThat(sent.get(offset).reason)
                .as("why offset %d cannot be read, and yet is predicted", offset)
                .isNull();
        assertThat(predicted.get(offset))
                .as("a second prediction of offset %d", offset)
                .isFalse();
        predicted.set(offset);
        known.set(offset);
    }

    private void isOfItsRecord(ConsumerRecord<byte[], byte[]> letter) {
        int offset = Integer.parseInt(header(letter, "millrace.offset"));
        Sent record = sent.get(offset);
        assertThat(refused.get(offset))
                .as("a second dead letter of offset %d", offset)
                .isFalse();
        refused.set(offset);
        known.set(offset);
        if (record.reason != null) {
            assertThat(header(letter, "millrace.reason")).isEqualTo(record.reason);
            assertThat(letter.value()).hasSize(Math.min(ROOM, record.length));
            assertThat(checksumOf(letter.value())).as("offset %d", offset).isEqualTo(record.checksum);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static long checksumOf(byte[] value) {
        CRC32 checksum = new CRC32();
        checksum.update(value, 0, Math.min(ROOM, value.length));
        return checksum.getValue();
    }
}
