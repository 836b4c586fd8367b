package io.millrace.jobs.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a demo feeds, and the job that learns it. */
public interface Material {
    /** How many events there are. */
    long events();

    /** When the stream changes what there is to learn; empty if that is not known. */
    List<Drift> drifts();

    /** The events as Kafka records of the job's source topic. */
    Iterator<ProducerRecord<byte[], byte[]>> records() throws IOException;

    /**
     * Writes the job file, and what it needs, into a directory.
     *
     * @param bootstrapServers where Kafka is
     * @return the job file
     */
    Path writeJob(Path directory, String bootstrapServers) throws IOException;
}
