package io.millrace.jobs.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts records on Kafka at a steady rate, on a thread of its own, until they end, one fails or it is stopped.
 *
 * <p>A record counts once the broker has acknowledged it. The first failure, of the source of the records or of a
 * delivery, ends the feed; {@link #await} throws it.
 */
public final class Feeder implements AutoCloseable {
    private static final Duration LAST_DELIVERIES = Duration.ofSeconds(10);
    private static final Duration LAST_RECORD = Duration.ofSeconds(1);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Iterator<ProducerRecord<byte[], byte[]>> records;
    private final double rate;
    private final Producer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final Thread thread = new Thread(this::feed, "millrace-feeder");
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    /**
     * A feeder that waits for its start.
     *
     * @param kafka settings of the producer; {@code bootstrap.servers} is needed
     * @param records read on the feeder's thread only
     * @param rate records a second, positive; infinite for as fast as Kafka takes them
     */
    public Feeder(Map<String, String> kafka, Iterator<ProducerRecord<byte[], byte[]>> records, double rate) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("rate=" + rate + " must be > 0");
        }
        this.records = records;
        this.rate = rate;
        Map<String, Object> settings = new HashMap<>(Map.of(
                // One request at a time: on a partition whose leader has just come up, Kafka's producer may otherwise
                // get
                // its second batch in before its first, and never the first. Larger ones make up for it.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1",
                ProducerConfig.BATCH_SIZE_CONFIG, "131072",
                ProducerConfig.LINGER_MS_CONFIG, "2",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000",
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000"));
        settings.putAll(kafka);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        thread.setDaemon(true);
    }

    /** Begins to feed; call it once. */
    public void start() {
        thread.start();
    }

    /** How many records the broker has acknowledged. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Whether there may be more to come. */
    public boolean running() {
        return thread.isAlive();
    }

    /**
     * Waits until the feed has ended and everything sent is acknowledged, or the time is up.
     *
     * @return whether it has ended
     * @throws Exception what ended the feed early, unless it was {@link #stop}
     */
    public boolean await(Duration limit) throws Exception {
        thread.join(limit.toMillis());
        Exception first = failure;
        if (first != null) {
            throw first;
        }
        return !thread.isAlive();
    }

    /** Sends nothing more and waits a while for what was sent to be acknowledged. Any thread; once is enough. */
    public void stop() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(LAST_RECORD.toMillis()); // a source that waits for input may never return
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(LAST_DELIVERIES);
    }

    /** Same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    private void feed() {
        try {
            long start = System.nanoTime();
            for (long sent = 0; !stopped && failure == null && records.hasNext(); sent++) {
                awaitTurn(start + (long) (sent / rate * NANOS_PER_SECOND));
                if (!stopped) {
                    Future<RecordMetadata> unused =
                            producer.send(records.next(), (receipt, refusal) -> settle(refusal));
                }
            }
            producer.flush();
        } catch (RuntimeException e) {
            if (!stopped) { // being interrupted is how it stops
                fail(e);
            }
        }
    }

    private void awaitTurn(long due) {
        for (long wait = due - System.nanoTime(); wait > 0 && !stopped; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }

    /** On the producer's thread: one record arrived, or never will. */
    private void settle(@Nullable Exception refusal) {
        if (refusal == null) {
            acknowledged.incrementAndGet();
        } else {
            fail(refusal);
        }
    }

    private synchronized void fail(Exception e) {
        if (failure == null) {
            failure = e;
        }
    }
}
