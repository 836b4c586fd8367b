package io.millrace.jobs.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks at the end of a topic once a second, on a thread of its own. Of more records than it wants it skips the older
 * ones, so a busy topic costs no more than a quiet one. It sees records whose transaction is still open: it is for looking
 * only.
 */
public final class Tail implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MOST_POLLS = 20; // transaction markers have offsets, but no record ever comes for them

    private final String topic;
    private final int most;
    private final Consumer<List<ConsumerRecord<byte[], byte[]>>> reader;
    private final KafkaConsumer<byte[], byte[]> kafka;
    private final Thread thread;
    private volatile boolean over;

    /**
     * Begins to look.
     *
     * @param clients settings of Kafka's clients
     * @param most records of each partition that are read at a time
     * @param reader is given what is new, oldest first, on the tail's thread
     * @param notes is told in a sentence when the topic cannot be read any more
     */
    public Tail(
            Map<String, String> clients,
            String topic,
            int most,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> reader,
            Consumer<String> notes) {
        this.topic = topic;
        this.most = most;
        this.reader = reader;
        Map<String, Object> settings = new HashMap<>(clients);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        kafka = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        thread = new Thread(() -> follow(notes), "millrace-tail-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    private void follow(Consumer<String> notes) {
        try (kafka) {
            List<TopicPartition> partitions = kafka.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            kafka.assign(partitions);
            kafka.seekToBeginning(partitions);
            while (!over) {
                look(partitions);
                Thread.sleep(EVERY.toMillis());
            }
        } catch (WakeupException | InterruptedException e) {
            // it was closed
        } catch (KafkaException e) {
            notes.accept("the page shows nothing more of " + topic + ": " + e.getMessage());
        }
    }

    private void look(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
        ends.forEach((partition, end) -> {
            if (end - kafka.position(partition) > most) {
                kafka.seek(partition, end - most);
            }
        });
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int polls = 0; polls < MOST_POLLS && behind(ends); polls++) {
            kafka.poll(POLL).forEach(records::add);
        }
        if (!records.isEmpty()) {
            records.sort(Comparator.comparingLong(ConsumerRecord::timestamp)); // stable: in order per partition
            reader.accept(records);
        }
    }

    private boolean behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> kafka.position(end.getKey()) < end.getValue());
    }

    @Override
    public void close() {
        over = true;
        kafka.wakeup();
        thread.interrupt();
    }
}
