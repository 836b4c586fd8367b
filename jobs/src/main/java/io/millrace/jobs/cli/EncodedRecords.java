package io.millrace.jobs.cli;

import io.millrace.connectors.event.RecordFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The first records of a file as Kafka records without a key. */
final class EncodedRecords implements Iterator<ProducerRecord<byte[], byte[]>> {
    private final RecordFile file;
    private final String topic;
    private long left;
    private byte @Nullable [] next;

    /**
     * Kafka records of a file.
     *
     * @param limit how many at most
     */
    EncodedRecords(RecordFile file, String topic, long limit) {
        this.file = file;
        this.topic = topic;
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
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, next);
        next = null;
        left--;
        return record;
    }
}
