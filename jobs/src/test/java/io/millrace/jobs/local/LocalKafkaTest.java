package io.millrace.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.kafka.KafkaCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {
    private static final String TOPIC = "events";

    @TempDir
    Path directory;

    @Test
    void keepsRecordsOverARestartOnTheSamePort() throws Exception {
        int port;
        try (LocalKafka first = LocalKafka.in(directory)) {
            first.createTopic(TOPIC, 1);
            first.createTopic(TOPIC, 1);
            produce(first, "one", "two");
            port = Integer.parseInt(first.bootstrapServers().replaceFirst(".*:", ""));
        }
        try (LocalKafka again = LocalKafka.in(directory, port)) {
            produce(again, "three");

            assertThat(again.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(consume(again, 3)).containsExactly("one", "two", "three");
        }
        assertThat(directory.resolve("meta.properties")).exists();
    }

    @Test
    void runsBesideAnother() throws Exception {
        try (LocalKafka left = LocalKafka.temporary();
                LocalKafka right = LocalKafka.temporary()) {
            left.createTopic(TOPIC, 1);
            right.createTopic(TOPIC, 1);
            produce(left, "left");
            produce(right, "right");

            assertThat(consume(left, 1)).containsExactly("left");
            assertThat(consume(right, 1)).containsExactly("right");
        }
    }

    /** Its threads stayed, and with them the process of millrace cluster start --kafka. */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void leavesNothingRunningWhenItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalKafka.in(directory, taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("no broker can be started at 127.0.0.1:" + taken.getLocalPort() + ": ");
        }
        try (LocalKafka again = LocalKafka.in(directory)) {
            again.createTopic(TOPIC, 1);
        }
    }

    @Test
    void letsSeveralMakeTheSameTopic() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try (LocalKafka kafka = LocalKafka.temporary()) {
            List<Callable<Boolean>> jobs = Collections.nCopies(6, () -> {
                try (KafkaCheck check = KafkaCheck.of(kafka.bootstrapServers(), Map.of(), "the test")) {
                    return check.ensureTopic(TOPIC, 1);
                }
            });
            int made = 0;
            for (Future<Boolean> job : threads.invokeAll(jobs)) {
                made += job.get() ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void deletesOnlyWhatItMade() throws Exception {
        Path stranger = Files.writeString(directory.resolve("notes.txt"), "mine", StandardCharsets.UTF_8);
        LocalKafka.in(directory).close();

        assertThat(stranger).exists();
    }

    private static void produce(LocalKafka kafka, String... values) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get();
            }
        }
    }

    private static List<String> consume(LocalKafka kafka, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (values.size() < count) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(30))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
