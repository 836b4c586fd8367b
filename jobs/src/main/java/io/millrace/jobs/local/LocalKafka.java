package io.millrace.jobs.local;

import io.millrace.connectors.kafka.KafkaCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka broker, its own controller, in this process, listening on 127.0.0.1 only.
 *
 * <p>Records, topics and committed offsets live in a directory; a broker started on that directory again has them
 * all. The broker's threads keep the process alive, so close it, also when something fails.
 */
public final class LocalKafka implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;
    private static final String CONTROLLER = "CONTROLLER";

    private final Path directory;
    private final boolean temporary;
    private final String bootstrapServers;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalKafka(Path directory, boolean temporary, int port, Map<String, String> more) throws IOException {
        this.directory = directory;
        this.temporary = temporary;
        this.bootstrapServers = HOST + ":" + port;
        format(directory);
        Properties settings = settings(directory, port, freePort());
        settings.putAll(more);
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            close(); // nobody else could, and its threads would keep the process alive
            throw new IOException("no broker can be started at " + bootstrapServers + ": " + e.getMessage(), e);
        }
    }

    /** A broker on a free port whose data is deleted when it is closed. */
    public static LocalKafka temporary() throws IOException {
        return temporary(Map.of());
    }

    /** The same with settings of the broker on top; its listener is called PLAINTEXT, whatever its protocol. */
    public static LocalKafka temporary(Map<String, String> settings) throws IOException {
        return new LocalKafka(Files.createTempDirectory("millrace-kafka-"), true, freePort(), settings);
    }

    /** A broker on a free port whose data stays in the directory, which is made if it does not exist. */
    public static LocalKafka in(Path directory) throws IOException {
        return in(directory, freePort());
    }

    /**
     * A broker whose data stays in the directory, which is made if it does not exist.
     *
     * @param port where it listens, in [1, 65535], free
     */
    public static LocalKafka in(Path directory, int port) throws IOException {
        return new LocalKafka(Files.createDirectories(directory).toAbsolutePath(), false, port, Map.of());
    }

    /** Where clients connect: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Makes a topic, unless it exists. */
    public void createTopic(String topic, int partitions) {
        try (KafkaCheck check = KafkaCheck.of(bootstrapServers, Map.of(), "the local broker")) {
            check.ensureTopic(topic, partitions);
        }
    }

    /** Stops the broker, once; what it had acknowledged is on disk, or deleted with its temporary directory. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        server.shutdown();
        server.awaitShutdown();
        if (temporary) {
            deleteTree(directory);
        }
    }

    /** Gives a new directory its cluster identity; a directory that has one keeps it. */
    private static void format(Path directory) throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            new Formatter()
                    .setPrintStream(silent)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // the formatter declares nothing narrower
            throw new IOException("cannot prepare " + directory + " for Kafka", e);
        }
    }

    private static Properties settings(Path directory, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE),
                "controller.quorum.voters",
                NODE + "@" + HOST + ":" + controllerPort,
                "listeners",
                "PLAINTEXT://" + HOST + ":" + port + "," + CONTROLLER + "://" + HOST + ":" + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://" + HOST + ":" + port,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
                "controller.listener.names",
                CONTROLLER,
                "inter.broker.listener.name",
                "PLAINTEXT",
                "log.dirs",
                directory.toString()));
        for (String one : List.of(
                "min.insync.replicas",
                "offsets.topic.num.partitions",
                "offsets.topic.replication.factor",
                "share.coordinator.state.topic.min.isr",
                "share.coordinator.state.topic.replication.factor",
                "transaction.state.log.min.isr",
                "transaction.state.log.num.partitions",
                "transaction.state.log.replication.factor")) {
            settings.put(one, "1"); // there is only one broker
        }
        settings.putAll(Map.of(
                "auto.create.topics.enable",
                "false",
                "log.cleaner.dedupe.buffer.size",
                "2097152", // of heap, for its life; the usual 128 MiB are for brokers with more to clean
                "broker.session.timeout.ms",
                "3000", // for which a broker that was killed keeps its successor waiting
                "broker.heartbeat.interval.ms",
                "500",
                "group.initial.rebalance.delay.ms",
                "0",
                "transaction.max.timeout.ms",
                "3600000")); // what Flink's exactly-once sink asks for
        return settings;
    }

    /** A port nobody listens on now; another process may take it before it is used. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void deleteTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }
}
