package io.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KafkaCheckTest {
    private static final String SETTING = "source.kafka.bootstrap-servers";

    @Test
    void saysThatNoBrokerListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String servers = "127.0.0.1:" + port;
        assertThatThrownBy(() -> KafkaCheck.of(servers, Map.of(), SETTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot reach Kafka at " + servers + " (" + SETTING + "): is the broker running?");
    }

    @Test
    void saysThatAListenerDoesNotAnswer() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                KafkaCheck check = KafkaCheck.of("127.0.0.1:" + mute.getLocalPort(), Map.of(), SETTING)) {
            assertThatThrownBy(check::topics)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not answer within 5 s when asked to list the topics");
        }
    }

    @Test
    void refusesAddressesWithoutHostAndPort() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(mute.getLocalPort());
            for (String wrong : List.of("broker", ":" + port, port, "127.0.0.1:70000", "127.0.0.1:99999999999", "")) {
                assertThatThrownBy(() -> KafkaCheck.of("127.0.0.1:" + port + "," + wrong, Map.of(), SETTING))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(SETTING + "=" + wrong + " must be host:port");
            }
        }
    }

    @Test
    void knowsTheAddressesThatKafkasClientsKnow() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port = mute.getLocalPort();
            KafkaCheck.of("PLAINTEXT://127.0.0.1:" + port, Map.of(), SETTING).close();
            KafkaCheck.of("127.0.0.1:1, 127.0.0.1:" + port, Map.of(), SETTING).close();
        }
        assertThatThrownBy(() -> KafkaCheck.of("[::1]:1", Map.of(), SETTING))
                .hasMessage("cannot reach Kafka at [::1]:1 (" + SETTING + "): is the broker running?");
    }

    @Test
    void refusesPropertiesWithoutShowingThem() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, String> properties = Map.of("security.protocol", "secret");
            assertThatThrownBy(() -> KafkaCheck.of("127.0.0.1:" + mute.getLocalPort(), properties, SETTING))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[security.protocol]")
                    .hasMessageNotContaining("secret");
        }
    }
}
