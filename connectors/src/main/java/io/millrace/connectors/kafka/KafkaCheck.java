package io.millrace.connectors.kafka;

import io.millrace.models.spec.Nearest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Asks a Kafka cluster, before a job starts, whether it can be reached and has the topics that the job names. */
public final class KafkaCheck implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final String servers;
    private final String setting;

    private KafkaCheck(Admin admin, String servers, String setting) {
        this.admin = admin;
        this.servers = servers;
        this.setting = setting;
    }

    /**
     * Connects.
     *
     * @param servers host:port of one or more brokers, separated by commas
     * @param properties further settings of Kafka's clients; no message shows their values
     * @param setting where the servers were written, as in {@code source.kafka.bootstrap-servers}
     * @throws IllegalArgumentException if no broker can be reached, in one sentence
     */
    public static KafkaCheck of(String servers, Map<String, String> properties, String setting) {
        requireListening(servers, setting);
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        all.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        all.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        try {
            return new KafkaCheck(Admin.create(all), servers, setting);
        } catch (KafkaException e) { // its message may hold a property's value, perhaps a secret: it goes no further
            throw new IllegalArgumentException(
                    "Kafka's client refuses the properties " + properties.keySet() + " (beside " + setting + ")");
        }
    }

    /** Names of all topics that may be seen, in order. */
    public Set<String> topics() {
        return new TreeSet<>(answer(admin.listTopics().names(), "list the topics"));
    }

    /**
     * Fails if a topic does not exist.
     *
     * @param place where the topic was written, as in {@code source.kafka.topic}
     * @throws IllegalArgumentException in one sentence, with the nearest topic there is
     */
    public void requireTopic(String topic, String place) {
        requireTopic(topic, place, "");
    }

    /**
     * The same, for a user who may do something about it.
     *
     * @param remedy what that is, as in {@code ; --create makes it}; follows on the message
     */
    public void requireTopic(String topic, String place, String remedy) {
        Set<String> topics = topics();
        if (!topics.contains(topic)) {
            throw new IllegalArgumentException(
                    place + "=" + topic + " is not a topic at " + servers + Nearest.question(topic, topics) + remedy);
        }
    }

    /**
     * Makes a topic unless it exists, with as many replicas as the brokers give by default.
     *
     * @return true if it did not exist
     */
    public boolean ensureTopic(String topic, int partitions) {
        if (topics().contains(topic)) {
            return false;
        }
        NewTopic made = new NewTopic(topic, Optional.of(partitions), Optional.empty());
        try {
            answer(admin.createTopics(List.of(made)).all(), "create the topic " + topic);
            return true;
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false; // someone else was quicker
            }
            throw e;
        }
    }

    /** True if a broker answers within five seconds. */
    public boolean answers() {
        try {
            admin.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException | KafkaException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Fails if a broker ends transactions earlier than a sink expects; passes if this user may not ask.
     *
     * @param timeout how long a transaction may last
     * @param place where the sink's topic was written, as in {@code predictions.kafka}
     * @throws IllegalArgumentException in one sentence
     */
    public void requireTransactions(Duration timeout, String place) {
        long longest;
        try {
            longest = longestTransactionMillis();
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return;
            }
            throw e;
        }
        if (timeout.toMillis() > longest) {
            throw new IllegalArgumentException("Kafka at " + servers + " lets transactions last " + longest
                    + " ms (its transaction.max.timeout.ms), but those of " + place + " may need " + timeout.toMillis()
                    + " ms: set transaction.timeout.ms in " + place + ".properties, and checkpoints.every below it");
        }
    }

    private long longestTransactionMillis() {
        String wish = "tell its transaction.max.timeout.ms";
        ConfigResource broker = new ConfigResource(
                ConfigResource.Type.BROKER,
                answer(admin.describeCluster().controller(), wish).idString());
        Config config =
                answer(admin.describeConfigs(List.of(broker)).all(), wish).get(broker);
        ConfigEntry longest = config == null ? null : config.get("transaction.max.timeout.ms");
        return longest == null || longest.value() == null ? Long.MAX_VALUE : Long.parseLong(longest.value());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private <T> T answer(KafkaFuture<T> future, String wish) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalArgumentException(because(e.getCause(), wish), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalArgumentException(silent(wish), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("interrupted while asking Kafka to " + wish, e);
        }
    }

    private String because(@Nullable Throwable cause, String wish) {
        String at = "Kafka at " + servers + " (" + setting + ")";
        if (cause instanceof AuthenticationException) {
            return at + " refuses the login: check the security settings in properties";
        }
        if (cause instanceof AuthorizationException) {
            return at + " does not allow this user to " + wish;
        }
        if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return silent(wish);
        }
        return at + " does not " + wish + ": " + cause;
    }

    private String silent(String wish) {
        return "Kafka at " + servers + " (" + setting + ") does not answer within " + PATIENCE.toSeconds()
                + " s when asked to " + wish + ": is it a broker, and do the security settings match?";
    }

    /** Kafka's client retries for ever and logs each attempt, so that a port is tried by hand first. */
    private static void requireListening(String servers, String setting) {
        List<InetSocketAddress> addresses = Stream.of(servers.split(",", -1))
                .map(server -> address(server.strip(), setting))
                .toList();
        if (addresses.stream().noneMatch(KafkaCheck::listening)) {
            throw new IllegalArgumentException(
                    "cannot reach Kafka at " + servers + " (" + setting + "): is the broker running?");
        }
    }

    /** Understands what Kafka's clients do, as {@code SSL://broker:9093} and {@code [::1]:9092}. */
    private static InetSocketAddress address(String server, String setting) {
        try {
            String host = Utils.getHost(server);
            Integer port = Utils.getPort(server);
            if (host != null && !host.isEmpty() && port != null) {
                return new InetSocketAddress(host, port);
            }
        } catch (IllegalArgumentException e) { // a port beyond all ports
            throw new IllegalArgumentException(setting + "=" + server + " must be host:port", e);
        }
        throw new IllegalArgumentException(setting + "=" + server + " must be host:port");
    }

    private static boolean listening(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) PATIENCE.toMillis() / 2);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
