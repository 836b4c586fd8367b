package io.millrace.tests;

import io.millrace.jobs.local.LocalKafka;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A Kafka broker in a JVM of its own, to be killed and started again with the same records on the same port. */
final class Broker implements AutoCloseable {
    private static final String LISTENS = "listens on ";

    private final Path directory;
    private CommandLine process;
    private String servers = "";

    Broker(Path directory) throws Exception {
        this.directory = Files.createDirectories(directory);
        start();
    }

    /**
     * The process.
     *
     * @param arguments directory of the records and, if it must be a certain one, the port
     */
    public static void main(String[] arguments) throws IOException {
        Path records = Path.of(arguments[0]);
        LocalKafka kafka =
                arguments.length == 1 ? LocalKafka.in(records) : LocalKafka.in(records, Integer.parseInt(arguments[1]));
        System.out.println(LISTENS + kafka.bootstrapServers());
    }

    /** Starts it again; returns when it listens. */
    void start() throws Exception {
        String port = servers.substring(servers.indexOf(':') + 1);
        process = CommandLine.of(
                directory,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(File::new)
                        .toList(),
                Stream.of(Broker.class.getName(), directory.resolve("records").toString(), port)
                        .filter(argument -> !argument.isEmpty())
                        .toArray(String[]::new));
        process.awaitText(LISTENS, Duration.ofSeconds(60));
        servers = process.out().lines().findFirst().orElseThrow().substring(LISTENS.length());
    }

    /** Ends it as a power cut does. */
    void kill() throws InterruptedException {
        process.kill();
    }

    String servers() {
        return servers;
    }

    void createTopic(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
