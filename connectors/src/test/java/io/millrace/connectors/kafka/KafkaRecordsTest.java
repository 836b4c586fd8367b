package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.event.Format;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.models.Target;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Prediction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class KafkaRecordsTest {
    private static final KafkaRecordSerializationSchema.KafkaSinkContext CONTEXT =
            new KafkaRecordSerializationSchema.KafkaSinkContext() {
                @Override
                public int getParallelInstanceId() {
                    return 0;
                }

                @Override
                public int getNumberOfParallelInstances() {
                    return 1;
                }

                @Override
                public int[] getPartitionsForTopic(String topic) {
                    return new int[] {0};
                }
            };

    @Test
    void deadLettersKeepTheirBytesAndSayWhereTheyCameFrom() {
        DeadLetter letter =
                new DeadLetter("price is bad", new Origin("events", 3, 17, 99), new byte[] {1}, new byte[] {-1, 0});
        ProducerRecord<byte[], byte[]> record =
                new DeadLetterRecords(topic("dead")).serialize(letter, CONTEXT, Long.MIN_VALUE);
        assertThat(record.topic()).isEqualTo("dead");
        assertThat(record.key()).containsExactly(1);
        assertThat(record.value()).containsExactly(-1, 0);
        assertThat(header(record, "millrace.reason")).isEqualTo("price is bad");
        assertThat(header(record, "millrace.topic")).isEqualTo("events");
        assertThat(header(record, "millrace.partition")).isEqualTo("3");
        assertThat(header(record, "millrace.offset")).isEqualTo("17");
        assertThat(header(record, "millrace.timestamp")).isEqualTo("99");
        assertThat(record.headers()).as("nothing was cut").hasSize(5);
    }

    @Test
    void predictionsAreKeyedByTheirModel() {
        PredictionFormat json = PredictionFormat.of(new Format.Json(), new Target.Value());
        Prediction prediction = new Prediction("e", "north", -5, new float[] {1}, -1, 0, 0);
        ProducerRecord<byte[], byte[]> record = new PredictionRecords("out", json).serialize(prediction, CONTEXT, -5L);
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("north");
        assertThat(record.value()).asString(StandardCharsets.UTF_8).startsWith("{\"id\":\"e\"");
    }

    @Test
    void anyValueBecomesJson() {
        JsonRecords<Integer> records = new JsonRecords<>("t", count -> Map.of("count", count));
        assertThat(records.serialize(3, CONTEXT, null).value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"count\":3}");
    }

    @Test
    void secretsAreNotPrinted() {
        Kafka source = new Kafka("h:1", "t", Kafka.Start.EARLIEST, null, Map.of("sasl.jaas.config", "secret"));
        assertThat(source.toString()).contains("sasl.jaas.config").doesNotContain("secret");
        KafkaTopic topic = new KafkaTopic("t", null, Map.of("acks", "all")).beside(source);
        assertThat(topic.bootstrapServers()).isEqualTo("h:1");
        assertThat(topic.properties())
                .containsEntry("sasl.jaas.config", "secret")
                .containsEntry("acks", "all");
        assertThat(topic.toString()).doesNotContain("secret");
    }

    @Test
    void sinksNeedServers() {
        KafkaTopic topic = new KafkaTopic("t", null, Map.of());
        assertThatThrownBy(() -> TopicSink.to(topic, Delivery.EXACTLY_ONCE, "job", new DeadLetterRecords(topic("t"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bootstrap-servers must be given for the topic t");
        assertThat(TopicSink.to(
                        new KafkaTopic("t", "h:1", Map.of()),
                        Delivery.EXACTLY_ONCE,
                        "job",
                        new DeadLetterRecords(topic("t"))))
                .isNotNull();
    }

    @Test
    void aDeadLetterIsCutToWhatItsTopicTakes() {
        KafkaTopic topic = new KafkaTopic("dead", "h:1", Map.of("max.request.size", "100000"));
        byte[] long60 = new byte[60_000];
        DeadLetter letter =
                new DeadLetter("r".repeat(9_000), new Origin("events", 3, 17, 99), long60, new byte[70_000]);
        ProducerRecord<byte[], byte[]> record = new DeadLetterRecords(topic).serialize(letter, CONTEXT, null);
        assertThat(record.key().length + record.value().length).isEqualTo(100_000 - (32 << 10));
        assertThat(record.key()).hasSize(33_616);
        assertThat(header(record, "millrace.key-bytes")).isEqualTo("60000");
        assertThat(header(record, "millrace.value-bytes")).isEqualTo("70000");
        assertThat(header(record, "millrace.reason")).hasSize(2_000);
    }

    @Test
    void transactionsLastAsLongAsThePropertiesSay() {
        assertThat(topic("t").transactionTimeout()).isEqualTo(Duration.ofMinutes(15));
        Map<String, String> properties = Map.of("transaction.timeout.ms", " 60000");
        assertThat(new KafkaTopic("t", "h:1", properties).transactionTimeout()).isEqualTo(Duration.ofMinutes(1));
        for (String wrong : List.of("", "0", "-1", "1e3", "1 min", "9999999999")) {
            KafkaTopic topic = new KafkaTopic("t", "h:1", Map.of("transaction.timeout.ms", wrong));
            assertThatThrownBy(topic::transactionTimeout)
                    .hasMessage("transaction.timeout.ms must be a number of milliseconds in [1, 999999999]");
        }
    }

    private static KafkaTopic topic(String name) {
        return new KafkaTopic(name, "h:1", Map.of());
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
