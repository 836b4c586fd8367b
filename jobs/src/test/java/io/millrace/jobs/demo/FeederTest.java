package io.millrace.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.jobs.local.LocalKafka;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FeederTest {
    private static final double UNLIMITED = Double.POSITIVE_INFINITY;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static LocalKafka kafka;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = LocalKafka.temporary();
        kafka.createTopic("events", 1);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void countsWhatTheBrokerHas() throws Exception {
        try (Feeder feeder = new Feeder(broker(), records().limit(5_000).iterator(), UNLIMITED)) {
            feeder.start();
            feeder.await(PATIENCE);

            assertThat(feeder.acknowledged()).isEqualTo(5_000);
            assertThat(feeder.running()).isFalse();
        }
    }

    @Test
    void keepsToItsRate() throws Exception {
        try (Feeder feeder = new Feeder(broker(), records().limit(101).iterator(), 200)) {
            long start = System.nanoTime();
            feeder.start();
            feeder.await(PATIENCE);

            assertThat((System.nanoTime() - start) / 1e9).isGreaterThanOrEqualTo(0.5);
        }
    }

    @Test
    void stopsAnEndlessFeed() throws Exception {
        Feeder feeder = new Feeder(broker(), records().iterator(), 0.001);
        feeder.start();
        feeder.stop();
        feeder.await(PATIENCE);

        assertThat(feeder.running()).isFalse();
        assertThat(feeder.acknowledged()).isLessThanOrEqualTo(1);
    }

    @Test
    void endsWithTheFirstFailureOfItsSource() throws Exception {
        Iterator<ProducerRecord<byte[], byte[]>> broken = records()
                .peek(record -> {
                    throw new IllegalArgumentException("line 1 is no number");
                })
                .iterator();
        try (Feeder feeder = new Feeder(broker(), broken, UNLIMITED)) {
            feeder.start();

            assertThatThrownBy(() -> feeder.await(PATIENCE)).hasMessage("line 1 is no number");
        }
    }

    @Test
    void refusesToStandStill() {
        assertThatThrownBy(() -> new Feeder(broker(), records().iterator(), 0)).hasMessage("rate=0.0 must be > 0");
    }

    private static Map<String, String> broker() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static Stream<ProducerRecord<byte[], byte[]>> records() {
        return Stream.generate(() -> new ProducerRecord<>("events", new byte[] {1}));
    }
}
