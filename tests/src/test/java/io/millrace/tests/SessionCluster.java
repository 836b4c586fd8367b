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
import java.util.List;
import java.util.stream.Stream;

/** A Flink session cluster, a JobManager and a TaskManager in JVMs of their own that know nothing of Millrace. */
final class SessionCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a Flink distribution holds, by the beginnings of the names of jars. */
    private static final List<String> DISTRIBUTION = List.of(
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
            "javassist",
            "jsr305",
            "kryo",
            "log4j",
            "minlog",
            "objenesis",
            "reflectasm",
            "RoaringBitmap",
            "slf4j-api",
            "snakeyaml-engine");

    private final int port;
    private final CommandLine jobManager;
    private final CommandLine taskManager;

    SessionCluster(Path directory) throws Exception {
        port = freePort();
        Files.writeString(directory.resolve("config.yaml"), """
                jobmanager.rpc.address: 127.0.0.1
                jobmanager.rpc.port: %d
                rest.address: 127.0.0.1
                rest.bind-address: 127.0.0.1
                rest.port: %d
                taskmanager.host: 127.0.0.1
                taskmanager.numberOfTaskSlots: 2
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
                """.formatted(freePort(), port));
        jobManager = start(directory, "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
        taskManager = start(directory, "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    }

    private static CommandLine start(Path directory, String program) throws IOException {
        return CommandLine.of(
                directory,
                distribution(),
                "-XX:TieredStopAtLevel=4", // the Vector API needs the optimizing compiler
                "--add-modules",
                "jdk.incubator.vector", // as in this JVM: the last bits depend on the order of summation
                "-Dlog4j2.configurationFile="
                        + Path.of("log4j2-tests.properties").toAbsolutePath(),
                program,
                "--configDir",
                directory.toString());
    }

    private static List<File> distribution() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new)
                .filter(jar -> DISTRIBUTION.stream().anyMatch(jar.getName()::startsWith))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits for its slots; returns host:port of its REST interface. */
    String address() throws Exception {
        String address = "127.0.0.1:" + port;
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://" + address + "/overview"))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answer(question).contains("\"slots-total\":2")) {
            assertThat(jobManager.runs() && taskManager.runs() && System.nanoTime() < deadline)
                    .as("a cluster with slots within %s\n%s", PATIENCE, log())
                    .isTrue();
        }
        return address;
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

    /** What its processes said. */
    String log() throws IOException {
        return jobManager.out() + jobManager.err() + taskManager.out() + taskManager.err();
    }

    @Override
    public void close() {
        taskManager.close();
        jobManager.close();
    }
}
