package io.millrace.tests.bench.pipeline;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Reads a pipe's output, one record after the other into the same objects: a lap has millions. */
final class Answers {
    private final GenericDatumReader<GenericRecord> reader;
    private final int time;
    private @Nullable GenericRecord answer;
    private @Nullable BinaryDecoder decoder;

    Answers(Schema schema) {
        reader = new GenericDatumReader<>(schema);
        time = schema.getField("time").pos();
    }

    /** When the event happened that an output record answers, milliseconds since 1970 UTC. */
    long eventTime(byte[] output) throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(output, decoder);
        answer = reader.read(answer, decoder);
        return (long) answer.get(time);
    }
}
