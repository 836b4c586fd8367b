package io.millrace.jobs.run;

import io.millrace.connectors.kafka.KafkaCheck;
import java.util.Map;
import java.util.function.Consumer;

/** Tells when a job's brokers fall silent, of which Kafka's clients say nothing for minutes, and when they answer again. */
final class BrokerWatch implements AutoCloseable {
    private final String servers;
    private final KafkaCheck check;
    private final Consumer<String> notes;
    private long answeredNanos = System.nanoTime();
    private boolean silent;

    /**
     * @param servers host:port of one or more brokers that answer now
     * @param properties further settings of Kafka's clients
     * @param notes is told a sentence at each change
     */
    BrokerWatch(String servers, Map<String, String> properties, Consumer<String> notes) {
        this.servers = servers;
        this.check = KafkaCheck.of(servers, properties, "bootstrap-servers");
        this.notes = notes;
    }

    /** Asks the brokers, and waits some seconds for an answer. */
    void look() {
        boolean answers = check.answers();
        long now = System.nanoTime();
        if (answers && silent) {
            notes.accept(
                    "Kafka at " + servers + " answers again, after " + (now - answeredNanos) / 1_000_000_000 + " s");
        } else if (!answers && !silent) {
            notes.accept("Kafka at " + servers + " does not answer; the job waits until it does");
        }
        silent = !answers;
        if (answers) {
            answeredNanos = now;
        }
    }

    @Override
    public void close() {
        check.close();
    }
}
