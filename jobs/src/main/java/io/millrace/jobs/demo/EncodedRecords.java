package io.millrace.jobs.demo;

import io.millrace.connectors.event.RecordFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The first records of a file as Kafka records. */
public final class EncodedRecords implements Iterator<ProducerRecord<byte[], byte[]>> {
    private final RecordFile file;
    private final String topic;
    private final @Nullable String keyField;
    private long left;
    private byte @Nullable [] next;

    /**
     * Kafka records of a file.
     *
     * @param keyField field whose text is the Kafka record's key, which keeps a model's events in order; null for none
     * @param limit how many at most
     */
    public EncodedRecords(RecordFile file, String topic, @Nullable String keyField, long limit) {
        this.file = file;
        this.topic = topic;
        this.keyField = keyField;
        this.left = limit;
    }

    @Override
    public boolean hasNext() {
        try {
            if (next == null && left > 0) {
                next = file.next();
            }
            return next != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no further record");
        }
        String key = keyField == null ? null : file.text(keyField);
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, keyBytes, next);
        next = null;
        left--;
        return record;
    }
}
