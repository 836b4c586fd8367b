package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Counts the committed records of a topic as they come, on a thread of its own; whatever happens to the broker. */
final class CommittedCount implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final ConcurrentSkipListMap<Long, Long> growth = new ConcurrentSkipListMap<>(); // count by System.nanoTime
    private final Thread thread;
    private volatile boolean closed;

    CommittedCount(Topic topic) {
        growth.put(System.nanoTime(), 0L);
        thread = new Thread(() -> count(topic), "committed-count");
        thread.start();
    }

    private void count(Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = topic.consumer()) {
            while (!closed) {
                int more = consumer.poll(POLL).count();
                if (more > 0) {
                    growth.put(System.nanoTime(), now() + more);
                }
            }
        }
    }

    /** How many there are. */
    long now() {
        return growth.lastEntry().getValue();
    }

    /** Waits until there are so many, as long as they become more. */
    void await(long count) throws InterruptedException {
        while (now() < count) {
            assertThat(System.nanoTime() - growth.lastKey())
                    .as("nanoseconds since the last of %d records, when %d are waited for", now(), count)
                    .isLessThan(PATIENCE.toNanos());
            Thread.sleep(POLL.toMillis());
        }
    }

    /**
     * How long it took from a moment, by {@link System#nanoTime}, until the count went on: until the longest standstill
     * before another moment was over or, if it did not grow before that, until it grew.
     */
    Duration standstill(long from, long before) {
        long longest = 0;
        long over = from;
        long last = from;
        for (long moment : growth.tailMap(from).keySet()) {
            if (moment > before && over > from) {
                break;
            }
            if (moment - last > longest) {
                longest = moment - last;
                over = moment;
            }
            last = moment;
        }
        return Duration.ofNanos(over - from);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
