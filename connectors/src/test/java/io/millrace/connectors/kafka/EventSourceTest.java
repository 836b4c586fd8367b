package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.Feature;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.Label;
import io.millrace.state.records.Origin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class EventSourceTest {
    private final EventReader reader = EventReader.of(
            new Format.Json(),
            new EventFields(null, null, "ts", TimeUnit.MILLISECONDS, Duration.ofSeconds(5), null),
            new Label("y", null, null),
            List.of(new Feature.Numeric(List.of("x"))),
            Path.of(""));

    private Decoded read(String json) {
        return reader.read(null, json.getBytes(StandardCharsets.UTF_8), new Origin("t", 0, 0, 777));
    }

    @Test
    void deadLettersHaveNoEventTime() {
        WatermarkStrategy<Decoded> strategy = EventSource.watermarks(Duration.ofSeconds(5));
        TimestampAssigner<Decoded> assigner = strategy.createTimestampAssigner(() -> null);
        assertThat(assigner.extractTimestamp(read("{\"ts\": 5, \"x\": 1}"), 777))
                .isEqualTo(5);
        assertThat(assigner.extractTimestamp(read("{}"), 777)).isEqualTo(TimestampAssigner.NO_TIMESTAMP);
    }

    @Test
    void everyStartMakesASourceThatTravels() throws Exception {
        for (Kafka.Start start : Kafka.Start.values()) {
            Kafka kafka = new Kafka("localhost:9092", "t", start, null, Map.of());
            assertThat(InstantiationUtil.clone(EventSource.of(kafka, "job", reader)))
                    .isNotNull();
        }
    }

    @Test
    void everyRecordBecomesExactlyOne() {
        List<Decoded> out = new ArrayList<>();
        DecodedRecords records = new DecodedRecords(reader);
        records.deserialize(new ConsumerRecord<>("t", 2, 9, null, null), new ListCollector<>(out));
        records.deserialize(
                new ConsumerRecord<>("t", 2, 10, null, "{\"ts\": 5, \"x\": 1}".getBytes(StandardCharsets.UTF_8)),
                new ListCollector<>(out));
        assertThat(out).hasSize(2);
        assertThat(out.get(0).deadLetter().origin().toString()).isEqualTo("t-2@9");
        assertThat(out.get(1).sample().id()).isEqualTo("2-10");
    }
}
