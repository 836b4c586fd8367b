package io.millrace.tests.bench.pipeline;

import org.apache.avro.Schema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job from one Kafka topic to another that writes one record for each it reads. */
interface Pipe {
    /** Its name in the table. */
    String name();

    /**
     * Assembles the job, to begin with the topic's first record.
     *
     * @param servers of the broker
     */
    void assemble(StreamExecutionEnvironment environment, String servers, String from, String to) throws Exception;

    /** Of output records; the field {@code time} is when the event happened, milliseconds since 1970 UTC. */
    Schema answers();
}
