package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Flink session cluster: a JobManager and TaskManagers of two slots each, in JVMs of their own that know nothing of
 * Millrace. Each may be killed and started again; a job survives its JobManager because ZooKeeper, in a further JVM,
 * knows where its checkpoints lie.
 */
final class SessionCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What a Flink distribution holds, by the beginnings of the names of jars, and DJL, which belongs beside it. */
    private static final List<String> DISTRIBUTION = List.of(
            "api-0", // of DJL
            "commons-cli",
            "commons-collections",
            "commons-compress",
            "commons-io",
            "commons-lang3",
            "commons-math3",
            "commons-text",
            "flink-annotations",
            "flink-clients",
            "flink-core",
            "flink-datastream",
            "flink-file-sink-common",
            "flink-hadoop-fs",
            "flink-metrics-core",
            "flink-queryable-state-client-java",
            "flink-rpc",
            "flink-runtime",
            "flink-shaded",
            "flink-statebackend-rocksdb",
            "flink-streaming-java",
            "frocksdbjni",
            "gson",
            "javassist",
            "jna",
            "jsr305",
            "kryo",
            "log4j",
            "minlog",
            "objenesis",
            "pytorch",
            "reflectasm",
            "RoaringBitmap",
            "slf4j-api",
            "snakeyaml-engine",
            "snappy-java"); // for ZooKeeper

    private static final String ZOOKEEPER =
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";
    private static final String JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
    private static final int SLOTS = 2;

    private final Path directory;
    private final int port = freePort();
    private final CommandLine zooKeeper;
    private CommandLine jobManager;
    private final List<CommandLine> taskManagers = new ArrayList<>();

    SessionCluster(Path directory, int taskManagers) throws Exception {
        this.directory = directory;
        int zooKeeperPort = freePort();
        Files.writeString(directory.resolve("config.yaml"), """
                high-availability.type: zookeeper
                high-availability.zookeeper.quorum: 127.0.0.1:%d
                high-availability.zookeeper.client.session-timeout: 8s
                high-availability.storageDir: %s
                heartbeat.interval: 1s
                heartbeat.timeout: 10s
                restart-strategy.type: exponential-delay
                restart-strategy.exponential-delay.max-backoff: 3s
                jobmanager.rpc.address: 127.0.0.1
                rest.address: 127.0.0.1
                rest.bind-address: 127.0.0.1
                rest.port: %d
                taskmanager.host: 127.0.0.1
                taskmanager.load-balance.mode: SLOTS
                taskmanager.numberOfTaskSlots: %d
                taskmanager.cpu.cores: 2
                taskmanager.memory.framework.heap.size: 128m
                taskmanager.memory.framework.off-heap.size: 64m
                taskmanager.memory.task.heap.size: 256m
                taskmanager.memory.task.off-heap.size: 0m
                taskmanager.memory.managed.size: 64m
                taskmanager.memory.network.min: 64m
                taskmanager.memory.network.max: 64m
                taskmanager.memory.jvm-metaspace.size: 256m
                taskmanager.memory.jvm-overhead.min: 64m
                taskmanager.memory.jvm-overhead.max: 64m
                """.formatted(
                        zooKeeperPort, directory.resolve("ha").toUri(), port, SLOTS));
        zooKeeper = java(
                ZOOKEEPER,
                Integer.toString(zooKeeperPort),
                directory.resolve("zookeeper").toString());
        startJobManager();
        for (int i = 0; i < taskManagers; i++) {
            this.taskManagers.add(flink(TASK_MANAGER));
        }
    }

    /** Starts the JobManager, again after it was killed. */
    void startJobManager() throws IOException {
        jobManager = flink(JOB_MANAGER);
    }

    void killJobManager() throws Exception {
        jobManager.kill();
    }

    /** Starts a TaskManager again that was killed. */
    void startTaskManager(int which) throws IOException {
        taskManagers.set(which, flink(TASK_MANAGER));
    }

    void killTaskManager(int which) throws Exception {
        taskManagers.get(which).kill();
    }

    private CommandLine flink(String program) throws IOException {
        return java(program, "--configDir", directory.toString());
    }

    private CommandLine java(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=4", // the Vector API needs the optimizing compiler
                "--add-modules",
                "jdk.incubator.vector", // as in this JVM: the last bits depend on the order of summation
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-Dzookeeper.admin.enableServer=false",
                "-Dlog4j2.configurationFile="
                        + Path.of("log4j2-tests.properties").toAbsolutePath()));
        all.addAll(List.of(arguments));
        return CommandLine.of(directory, distribution(), all.toArray(String[]::new));
    }

    private static List<File> distribution() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new)
                .filter(jar -> DISTRIBUTION.stream().anyMatch(jar.getName()::startsWith))
                .toList();
    }

    /** A port nobody listens on now; another process may take it before it is used. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits for its slots; returns host:port of its REST interface. */
    String address() throws Exception {
        await("/overview", "\"slots-total\":" + SLOTS * taskManagers.size());
        return "127.0.0.1:" + port;
    }

    /** Waits until the answer to a GET holds a text. */
    void await(String path, String text) throws Exception {
        HttpRequest question = HttpRequest.newBuilder(uri(path)).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (String answer = ""; !answer.contains(text); answer = answer(question)) {
            assertThat(jobManager.runs() && System.nanoTime() < deadline)
                    .as("%s answers %s within %s, not %s\n%s", path, text, PATIENCE, answer, log())
                    .isTrue();
        }
    }

    /** Ends a job as if its stream had ended, and waits until it is over. */
    void drain(String job) throws Exception {
        String wish = "{\"drain\": true, \"targetDirectory\": \"%s\"}"
                .formatted(directory.resolve("savepoints").toUri());
        assertThat(answer(HttpRequest.newBuilder(uri("/jobs/" + job + "/stop"))
                        .POST(HttpRequest.BodyPublishers.ofString(wish))
                        .build()))
                .contains("request-id");
        await("/jobs/" + job, "\"state\":\"FINISHED\"");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static String answer(HttpRequest question) throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                    .send(question, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "nothing yet: " + e;
        }
    }

    /** What the processes said that run now. */
    String log() throws IOException {
        StringBuilder log = new StringBuilder();
        for (CommandLine each : processes()) {
            log.append(each.out()).append(each.err());
        }
        return log.toString();
    }

    private List<CommandLine> processes() {
        List<CommandLine> all = new ArrayList<>(taskManagers);
        all.add(jobManager);
        all.add(zooKeeper);
        return all;
    }

    @Override
    public void close() {
        processes().forEach(CommandLine::close);
    }
}
