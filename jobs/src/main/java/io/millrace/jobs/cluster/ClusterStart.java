package io.millrace.jobs.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.jspecify.annotations.Nullable;

/**
 * Starts a job manager and task managers, each in a JVM of its own that outlives this one.
 *
 * @param distribution whose libraries they run
 * @param settings directory with Flink's {@code config.yaml} and {@code log4j.properties}
 * @param directory for their logs, temporary files, checkpoints and savepoints
 * @param port for the REST interface and web UI
 * @param taskManagers how many, at least 1
 * @param kafkaPort for a Kafka broker, whose data stays in the directory; null for none
 */
public record ClusterStart(
        Distribution distribution,
        Path settings,
        Path directory,
        int port,
        int taskManagers,
        @Nullable Integer kafkaPort) {
    static final String TEMPORARY = "tmp";

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long GLANCE_MILLIS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    public ClusterStart {
        if (taskManagers < 1) {
            throw new IllegalArgumentException("taskManagers=" + taskManagers + " must be >= 1");
        }
        settings = settings.toAbsolutePath().normalize();
        directory = directory.toAbsolutePath().normalize();
    }

    /**
     * Starts it and waits until all of its slots are there; ends what was started if that fails.
     *
     * @throws IOException if the port is taken or a process ends, saying whose log tells why
     */
    public LocalCluster run() throws IOException, InterruptedException {
        requireFree(port, "--port");
        if (kafkaPort != null) {
            requireFree(kafkaPort, "--kafka");
        }
        for (String folder : List.of("log", TEMPORARY, "checkpoints", "savepoints")) {
            Files.createDirectories(directory.resolve(folder));
        }
        Launcher launcher = new Launcher(this, common());
        List<Member> members = new CopyOnWriteArrayList<>();
        Thread undo = new Thread(() -> members.forEach(Member::askToEnd));
        Runtime.getRuntime().addShutdownHook(undo);
        try {
            if (kafkaPort != null) {
                members.add(launcher.kafka(kafkaPort));
            }
            members.add(launcher.jobManager());
            for (int number = 1; number <= taskManagers; number++) {
                members.add(launcher.taskManager(number));
            }
            await(launcher.slots() + " slots", members, () -> slots() == launcher.slots());
            await("a Kafka broker", members, () -> kafkaPort == null || answers(kafkaPort));
        } catch (IOException | InterruptedException | RuntimeException e) {
            new LocalCluster(port, members).stop(directory);
            throw e;
        }
        Runtime.getRuntime().removeShutdownHook(undo);
        LocalCluster cluster = new LocalCluster(port, members);
        cluster.remember(directory);
        return cluster;
    }

    private static void requireFree(int port, String option) throws IOException {
        if (answers(port)) {
            throw new IOException("port " + port + " is taken: " + option + " chooses another");
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Configuration common() throws IOException {
        Configuration common = new Configuration();
        for (ConfigOption<String> address : List.of(
                JobManagerOptions.ADDRESS,
                JobManagerOptions.BIND_HOST,
                TaskManagerOptions.HOST,
                TaskManagerOptions.BIND_HOST,
                RestOptions.ADDRESS,
                RestOptions.BIND_ADDRESS)) {
            common.set(address, LOOPBACK);
        }
        common.set(RestOptions.PORT, port);
        common.set(RestOptions.BIND_PORT, Integer.toString(port));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            common.set(JobManagerOptions.PORT, socket.getLocalPort());
        }
        common.set(CoreOptions.TMP_DIRS, directory.resolve(TEMPORARY).toString());
        common.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri("checkpoints"));
        common.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri("savepoints"));
        return common;
    }

    private String uri(String folder) {
        return directory.resolve(folder).toUri().toString();
    }

    /** Something that comes true after a while. */
    private interface Readiness {
        boolean reached() throws InterruptedException;
    }

    private void await(String what, List<Member> members, Readiness ready) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.reached()) {
            for (Member member : members) {
                if (!member.runs()) {
                    throw new IOException("the " + member.name() + " has ended; look into "
                            + directory.resolve("log").resolve(member.name()) + ".log and .out");
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the cluster has not " + what + " after " + PATIENCE.toSeconds()
                        + " seconds; look into " + directory.resolve("log"));
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private int slots() throws InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/overview"))
                .build();
        try {
            String answer = HttpClient.newHttpClient()
                    .send(question, HttpResponse.BodyHandlers.ofString())
                    .body();
            return JSON.readTree(answer).path("slots-total").asInt();
        } catch (IOException e) {
            return 0; // nobody answers yet
        }
    }
}
