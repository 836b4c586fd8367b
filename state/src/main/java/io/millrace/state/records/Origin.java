package io.millrace.state.records;

/**
 * Where a record was read.
 *
 * @param topic Kafka topic, or the name of a file
 * @param partition Kafka partition; 0 for a file
 * @param offset Kafka offset; the line number for a file
 * @param timestamp when the broker or producer stamped it, milliseconds since 1970 UTC
 */
public record Origin(String topic, int partition, long offset, long timestamp) {
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
