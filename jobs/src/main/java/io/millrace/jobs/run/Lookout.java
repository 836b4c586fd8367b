package io.millrace.jobs.run;

import io.millrace.connectors.kafka.Kafka;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.jobs.spec.JobSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks after a running job on threads of its own, about once a second. */
final class Lookout implements AutoCloseable {
    private static final long EVERY_MILLIS = 1000;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, Lookout::thread);
    private final Map<String, BrokerWatch> brokers = new HashMap<>();

    private static Thread thread(Runnable look) {
        Thread thread = new Thread(look, "millrace-lookout");
        thread.setDaemon(true);
        return thread;
    }

    /** Calls something again and again until this is closed, or it throws. */
    void watch(Runnable look) {
        ScheduledFuture<?> unused =
                threads.scheduleWithFixedDelay(look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Watches all brokers that a job reads from or writes to.
     *
     * @param notes is told a sentence when they fall silent, and when they answer again
     */
    void watchBrokers(JobSpec spec, Consumer<String> notes) {
        Kafka source = spec.source().kafka();
        watchBrokers(source.bootstrapServers(), source.properties(), notes);
        Kafka labels = spec.labelJoin() == null ? null : spec.labelJoin().source(source);
        if (labels != null) {
            watchBrokers(labels.bootstrapServers(), labels.properties(), notes);
        }
        for (KafkaTopic each : spec.resultTopics().values()) {
            KafkaTopic topic = each.beside(source);
            watchBrokers(Objects.requireNonNull(topic.bootstrapServers()), topic.properties(), notes);
        }
    }

    private void watchBrokers(String servers, Map<String, String> properties, Consumer<String> notes) {
        if (!brokers.containsKey(servers)) {
            BrokerWatch watch = new BrokerWatch(servers, properties, notes);
            brokers.put(servers, watch);
            watch(watch::look);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        brokers.values().forEach(BrokerWatch::close);
    }
}
