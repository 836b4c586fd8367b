package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LookoutTest {
    /** Whoever watches a broker finds at once that nobody listens on port 1. */
    @Test
    void watchesTheBrokersOfLateLabelsToo() throws Exception {
        try (ServerSocket events = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Lookout lookout = new Lookout()) {
            JobSpec job = JobFile.FORMAT
                    .read("""
                            source: {kafka: {bootstrap-servers: "127.0.0.1:%d", topic: events}}
                            event: {id: id}
                            label: {field: y, classes: ["0", "1"]}
                            label-join: {kafka: {bootstrap-servers: "127.0.0.1:1", topic: labels}, timeout: 1 h}
                            features: [{numeric: [x]}]
                            """.formatted(events.getLocalPort()), "job.yaml")
                    .orThrow();

            assertThatThrownBy(() -> lookout.watchBrokers(job, note -> {}))
                    .hasMessageContaining("cannot reach Kafka at 127.0.0.1:1 ");
        }
    }
}
