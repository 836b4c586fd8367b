package io.millrace.connectors.kafka;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.SampleReader;
import io.millrace.state.records.Origin;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes exactly one {@link Decoded} of every Kafka record. */
final class DecodedRecords implements KafkaRecordDeserializationSchema<Decoded> {
    private final SampleReader reader;

    DecodedRecords(SampleReader reader) {
        this.reader = reader;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded> out) {
        Origin origin = new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
        out.collect(reader.read(record.key(), record.value(), origin));
    }

    @Override
    public TypeInformation<Decoded> getProducedType() {
        return TypeInformation.of(Decoded.class);
    }
}
