package io.millrace.tests.bench.pipeline;

import java.io.IOException;
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

    /** When the event happened that an output record answers, milliseconds since 1970 UTC. */
    long eventTime(byte[] output) throws IOException;
}
