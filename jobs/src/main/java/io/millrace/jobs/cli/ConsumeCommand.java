package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace consume}: prints the records of a topic as JSON lines. */
@Command(
        name = "consume",
        description = {
            "Prints each record of a Kafka topic as one line of JSON, and nothing else.",
            "",
            "Predictions, telemetry and dead letters need no further option; Avro needs --job or --schema.",
            "Without --follow it reads the topic from its beginning to its present end."
        },
        footer = {
            "%nExamples:",
            "  millrace consume predictions --job job.yaml --follow",
            "  millrace consume dead-letters --limit 10"
        })
final class ConsumeCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(250);

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(names = "--follow", description = "Go on with records as they come, until interrupted.")
    private boolean follow;

    @Option(names = "--from-beginning", description = "With --follow: the records that are there first.")
    private boolean fromBeginning;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--uncommitted", description = "Also records whose transaction is not committed, or never will be.")
    private boolean uncommitted;

    @Option(names = "--committed", description = "Only records whose transaction is committed (the default).")
    private boolean committed;

    @Option(names = "--schema", paramLabel = "SCHEMA.avsc", description = "Avro schema of the values.")
    private @Nullable Path schema;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new ParameterException(command.commandLine(), "--limit=" + limit + " must be >= 1");
        }
        if (committed && uncommitted) {
            throw new ParameterException(command.commandLine(), "--committed and --uncommitted exclude each other");
        }
        JobSpec job = kafka.job();
        JobTopic known = job == null ? null : new JobTopic(job, topic);
        Cluster cluster = kafka.cluster(known == null ? null : known.cluster());
        RecordText text = text(known);
        cluster.requireTopic(topic, "TOPIC", "");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster)) {
            List<TopicPartition> partitions = assign(consumer);
            Map<TopicPartition, Long> end = follow ? Map.of() : consumer.endOffsets(partitions);
            print(consumer, text, end);
        }
        return ExitCode.FINE;
    }

    private RecordText text(@Nullable JobTopic known) throws IOException {
        if (schema != null) {
            return RecordText.avro(new Schema.Parser().parse(schema.toFile()));
        }
        return known == null ? RecordText.plain() : known.text();
    }

    private KafkaConsumer<byte[], byte[]> consumer(Cluster cluster) {
        Map<String, Object> settings = new HashMap<>(cluster.clientSettings());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, uncommitted ? "read_uncommitted" : "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private List<TopicPartition> assign(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        if (follow && !fromBeginning) {
            consumer.seekToEnd(partitions);
        } else {
            consumer.seekToBeginning(partitions);
        }
        return partitions;
    }

    /** Prints until the end, the limit, or until nobody reads any more. */
    private void print(KafkaConsumer<byte[], byte[]> consumer, RecordText text, Map<TopicPartition, Long> end) {
        PrintWriter out = command.commandLine().getOut();
        long left = limit;
        while (left > 0 && (follow || behind(consumer, end)) && !out.checkError()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (left > 0 && !beyond(record, end)) {
                    out.println(text.of(record));
                    left--;
                }
            }
        }
        out.flush();
    }

    private static boolean behind(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> end) {
        return end.entrySet().stream().anyMatch(last -> consumer.position(last.getKey()) < last.getValue());
    }

    private static boolean beyond(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> end) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        return record.offset() >= end.getOrDefault(partition, Long.MAX_VALUE);
    }
}
