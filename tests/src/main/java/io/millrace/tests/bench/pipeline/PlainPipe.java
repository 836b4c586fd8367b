package io.millrace.tests.bench.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What anyone would write: Avro records by key to a counter in keyed state, and on to Kafka, exactly once. */
record PlainPipe() implements Pipe {
    private static final Schema COUNTED = SchemaBuilder.record("Counted")
            .fields()
            .requiredLong("id")
            .requiredString("key")
            .requiredLong("time")
            .requiredFloat("label")
            .requiredLong("count")
            .requiredLong("madeAt")
            .endRecord();

    @Override
    public String name() {
        return "plain pipe, exactly once";
    }

    @Override
    public void assemble(StreamExecutionEnvironment environment, String servers, String from, String to) {
        KafkaSource<GenericRecord> source = KafkaSource.<GenericRecord>builder()
                .setBootstrapServers(servers)
                .setTopics(from)
                .setGroupId("plain")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new Decode())
                .setProperty("isolation.level", "read_committed")
                .setProperty("register.consumer.metrics", "false")
                .build();
        KafkaSink<GenericRecord> sink = KafkaSink.<GenericRecord>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(to)
                .setProperty("transaction.timeout.ms", "900000")
                .setProperty("register.producer.metrics", "false")
                .setRecordSerializer(new Encode(to))
                .build();
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "events")
                .keyBy(record -> record.get("key").toString(), Types.STRING)
                .process(new Count())
                .returns(new GenericRecordType())
                .name("count")
                .sinkTo(sink);
    }

    @Override
    public Schema answers() {
        return COUNTED;
    }

    private static final class Decode implements KafkaRecordDeserializationSchema<GenericRecord> {
        private transient @Nullable GenericRecords records;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<GenericRecord> out)
                throws IOException {
            if (records == null) {
                records = new GenericRecords();
            }
            out.collect(records.record(record.value(), record.value().length));
        }

        @Override
        public TypeInformation<GenericRecord> getProducedType() {
            return new GenericRecordType();
        }
    }

    private static final class Count extends KeyedProcessFunction<String, GenericRecord, GenericRecord> {
        private transient ValueState<Long> counts;

        @Override
        public void open(OpenContext context) {
            counts = getRuntimeContext().getState(new ValueStateDescriptor<>("counts", Types.LONG));
        }

        @Override
        public void processElement(GenericRecord event, Context context, Collector<GenericRecord> out)
                throws Exception {
            Long before = counts.value();
            long count = before == null ? 1 : before + 1;
            counts.update(count);
            GenericRecord counted = new GenericData.Record(COUNTED);
            for (String same : new String[] {"id", "key", "time", "label"}) {
                counted.put(same, event.get(same));
            }
            counted.put("count", count);
            counted.put("madeAt", context.timerService().currentProcessingTime());
            out.collect(counted);
        }
    }

    /** The sink's own builder would stamp an answer with its event's time in Kafka, which hides what answering took. */
    private static final class Encode implements KafkaRecordSerializationSchema<GenericRecord> {
        private final String topic;
        private transient @Nullable GenericDatumWriter<GenericRecord> writer;
        private transient @Nullable BinaryEncoder encoder;

        Encode(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                GenericRecord counted, KafkaSinkContext context, @Nullable Long timestamp) {
            if (writer == null) {
                writer = new GenericDatumWriter<>(COUNTED);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
            encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoder);
            try {
                writer.write(counted, encoder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new ProducerRecord<>(topic, bytes.toByteArray());
        }
    }
}
