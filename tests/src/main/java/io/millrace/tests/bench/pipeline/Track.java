package io.millrace.tests.bench.pipeline;

import io.millrace.jobs.local.LocalKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.avro.Schema;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Runs pipes on a broker and a Flink in this process, with a checkpoint every ten seconds. */
final class Track {
    private static final int PARTITIONS = 2;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(10);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LocalKafka kafka;
    private final Path directory;
    private final int parallelism;
    private final Sampling sampling;
    private int runs;

    Track(LocalKafka kafka, Path directory, int parallelism, Sampling sampling) {
        this.kafka = kafka;
        this.directory = directory;
        this.parallelism = parallelism;
        this.sampling = sampling;
    }

    String servers() {
        return kafka.bootstrapServers();
    }

    void makeTopic(String topic) {
        kafka.createTopic(topic, PARTITIONS);
    }

    private JobClient start(Pipe pipe, String from, String to) throws Exception {
        System.gc(); // what is left of the last job would slow down this one's collections
        System.runFinalization();
        System.gc();
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        pipe.assemble(environment, servers(), from, to);
        return environment.executeAsync(pipe.name());
    }

    /** Reads a full topic; measures from a quarter of it, when every key has its state, to the end. */
    Lap lap(Pipe pipe, String from, long records) throws Exception {
        String to = "out-" + runs++;
        makeTopic(to);
        JobClient job = start(pipe, from, to);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(to)) {
            long first = await(job, consumer, records / 4);
            Threads before = Threads.now();
            long begun = System.nanoTime();
            Instant start = Instant.now();
            long measured = await(job, consumer, records) - first;
            long nanos = System.nanoTime() - begun;
            Threads after = Threads.now();
            return new Lap(
                    measured * 1e9 / nanos,
                    (after.process() - before.process()) / 1e3 / measured,
                    after.since(before, measured),
                    sampling.shares(start));
        } finally {
            end(job, to);
        }
    }

    /** Milliseconds from an event to the record that answers it, at a steady rate, after most keys had theirs at full speed. */
    Histogram latency(Pipe pipe, Events events, double perSecond, int seconds) throws Exception {
        String from = "paced-" + runs++;
        String to = "out-" + runs++;
        makeTopic(from);
        makeTopic(to);
        JobClient job = start(pipe, from, to);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(to)) {
            long first = 4L * events.keys();
            events.fill(from, first);
            await(job, consumer, first);
            long begin = System.currentTimeMillis();
            await(job, consumer, first + events.pace(from, perSecond, seconds));
            return latencies(pipe.answers(), consumer, begin);
        } finally {
            end(job, to);
            delete(from);
        }
    }

    private static Histogram latencies(Schema schema, KafkaConsumer<byte[], byte[]> consumer, long begin)
            throws IOException {
        Histogram histogram = new Histogram(3);
        Answers answers = new Answers(schema);
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        skip(consumer, begin);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                long event = answers.eventTime(record.value());
                if (event >= begin) {
                    histogram.recordValue(Math.max(0, record.timestamp() - event));
                }
            }
        }
        return histogram;
    }

    /** No event is answered before it happened, so that none since then has an answer before the first written then. */
    private static void skip(KafkaConsumer<byte[], byte[]> consumer, long begin) {
        Map<TopicPartition, Long> times = new HashMap<>();
        consumer.assignment().forEach(partition -> times.put(partition, begin));
        consumer.offsetsForTimes(times).forEach((partition, first) -> {
            if (first == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, first.offset());
            }
        });
    }

    private void end(JobClient job, String to) throws Exception {
        job.cancel().get();
        while (!ended(job)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        delete(to);
    }

    private static boolean ended(JobClient job) throws InterruptedException {
        try {
            return job.getJobStatus().get().isGloballyTerminalState();
        } catch (ExecutionException | IllegalStateException e) {
            return true; // the cluster is gone, as it goes with its only job
        }
    }

    private void delete(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers(), "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** Waits for so many records, committed or not; returns how many there are. Markers of transactions count, too. */
    private static long await(JobClient job, KafkaConsumer<byte[], byte[]> consumer, long records) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Collection<Long> ends = consumer.endOffsets(consumer.assignment()).values();
            long written = ends.stream().mapToLong(end -> end).sum();
            if (written >= records) {
                return written;
            }
            if (job.getJobStatus().get() == JobStatus.FAILED || System.nanoTime() > deadline) {
                job.getJobExecutionResult().get(1, TimeUnit.SECONDS); // throws what it failed of
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
