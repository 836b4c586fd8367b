package io.millrace.tests;

import io.millrace.jobs.local.KafkaProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A Kafka broker in a JVM of its own, to be killed and started again with the same records on the same port. */
final class Broker implements AutoCloseable {
    private final Path directory;
    private final String port;
    private CommandLine process;

    Broker(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.port = Integer.toString(SessionCluster.freePort());
        start();
    }

    /** Starts it, again after it was killed; clients wait until it listens. */
    void start() throws IOException {
        List<File> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new)
                .toList();
        String records = directory.resolve("records").toString();
        process = CommandLine.of(directory, classPath, KafkaProgram.class.getName(), records, port);
    }

    /** Ends it as a power cut does. */
    void kill() throws InterruptedException {
        process.kill();
    }

    String servers() {
        return "127.0.0.1:" + port;
    }

    /** Makes a topic; waits a minute for the broker if need be. */
    void createTopic(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
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
