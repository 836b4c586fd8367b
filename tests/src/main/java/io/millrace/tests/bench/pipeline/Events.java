package io.millrace.tests.bench.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events of random keys, 32 numbers and a label, in Avro: about 160 bytes each.
 *
 * @param servers of the broker
 * @param keys how many there are; every event draws one
 */
record Events(String servers, int keys) {
    /** Numeric features of an event. */
    static final int FEATURES = 32;

    static final Schema SCHEMA = schema();

    private static Schema schema() {
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Event")
                .fields()
                .requiredLong("id")
                .requiredString("key")
                .requiredLong("time");
        for (int i = 0; i < FEATURES; i++) {
            fields = fields.requiredFloat("f" + i);
        }
        return fields.requiredFloat("label").endRecord();
    }

    /** Writes so many events at once; returns when the broker has them. */
    void fill(String topic, long count) throws IOException {
        try (Writer writer = new Writer(topic)) {
            for (long id = 0; id < count; id++) {
                writer.write(id, System.currentTimeMillis());
            }
        }
    }

    /** Writes events for a while at a steady rate, each with the time at which it was due. */
    long pace(String topic, double perSecond, int seconds) throws IOException {
        long count = Math.round(perSecond * seconds);
        try (Writer writer = new Writer(topic)) {
            long start = System.nanoTime();
            long startMillis = System.currentTimeMillis();
            for (long id = 0; id < count; id++) {
                long due = (long) (id * 1e9 / perSecond);
                long early = start + due - System.nanoTime();
                if (early > 100_000) { // shorter waits take longer than they should
                    LockSupport.parkNanos(early);
                }
                writer.write(id, startMillis + TimeUnit.NANOSECONDS.toMillis(due));
            }
        }
        return count;
    }

    private final class Writer implements AutoCloseable {
        private final Random random = new Random(1);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private volatile @Nullable Exception lost; // set by the producer's thread

        Writer(String topic) {
            this.topic = topic;
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers, "linger.ms", 1, "batch.size", 1 << 17),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        void write(long id, long time) throws IOException {
            bytes.reset();
            encoder.writeLong(id);
            encoder.writeString("key-" + random.nextInt(keys));
            encoder.writeLong(time);
            float sum = 0;
            for (int i = 0; i < FEATURES; i++) {
                float feature = random.nextFloat() - 0.5f;
                sum += (i % 3 - 1) * feature;
                encoder.writeFloat(feature);
            }
            encoder.writeFloat(sum);
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(topic, bytes.toByteArray()), (receipt, refusal) -> settle(refusal));
        }

        private void settle(@Nullable Exception refusal) {
            if (refusal != null) {
                lost = refusal;
            }
        }

        @Override
        public void close() {
            producer.close();
            if (lost != null) {
                throw new IllegalStateException("Kafka did not take every event", lost);
            }
        }
    }
}
