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
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./mvnw package} assembles, used as its users do: through the launcher, without the source tree. */
class DistributionIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROWS = 4_000;
    private static final Pattern TASK_MANAGER = Pattern.compile("task-manager-1 +pid (\\d+) +runs");

    @TempDir
    Path directory;

    private Path launcher;
    private int kafka;

    @BeforeEach
    void findDistribution() throws IOException {
        try (Stream<Path> built = Files.list(Path.of("..", "jobs", "target"))) {
            launcher = built.map(folder -> folder.resolve("millrace"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no distribution in jobs/target: ./mvnw package makes it"))
                    .toAbsolutePath()
                    .normalize();
        }
        kafka = freePort();
    }

    @AfterEach
    void stopWhatMayRun() throws Exception {
        try (CommandLine stop = millrace("cluster", "stop")) {
            stop.exitCode(PATIENCE);
        }
    }

    @Test
    void aJobOnItsClusterOutlivesATaskManager() throws Exception {
        job("job.yaml", "thermostats", "predictions");
        Files.writeString(directory.resolve("readings.csv"), "inside,outside,cold\n" + rows());
        String port = Integer.toString(freePort());

        does("cluster", "start", "--port", port, "--kafka", Integer.toString(kafka));
        does("feed", "readings.csv", "--job", "job.yaml", "--create");
        does("run", "job.yaml", "--cluster");
        awaitPredictions("predictions", ROWS);
        assertThat(metrics()).contains(shown());

        Matcher lost = TASK_MANAGER.matcher(does("cluster", "status"));
        assertThat(lost.find()).as("a task manager that runs").isTrue();
        ProcessHandle.of(Long.parseLong(lost.group(1))).orElseThrow().destroyForcibly();
        does("feed", "readings.csv", "--job", "job.yaml");
        awaitPredictions("predictions", 2 * ROWS);
        assertThat(does("cluster", "status")).containsPattern("task-manager-1 +pid \\d+ +is gone");

        job("program.yaml", "by-flink", "by-flink-predictions");
        submitAsFlinkDoes(port, "program.yaml");
        awaitPredictions("by-flink-predictions", 2 * ROWS);

        does("cluster", "stop");
        try (CommandLine status = millrace("cluster", "status")) {
            assertThat(status.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(status.err()).contains("no cluster that was started in this directory runs");
        }
    }

    private void job(String file, String name, String predictions) throws IOException {
        Files.writeString(directory.resolve(file), """
                name: %s
                source:
                  kafka: {bootstrap-servers: "127.0.0.1:%d", topic: readings}
                  format: {csv: {header: [inside, outside, cold]}}
                label: {field: cold, classes: ["0", "1"]}
                checkpoints: {every: 1 s}
                predictions: {kafka: {topic: %s}}
                """.formatted(name, kafka, predictions));
    }

    /** Runs the job jar's own program with Flink's client, as {@code flink run} does. */
    private void submitAsFlinkDoes(String port, String job) throws Exception {
        Path distribution = launcher.getParent();
        Path conf = Files.createDirectory(directory.resolve("conf")); // where Flink's client looks
        Files.copy(distribution.resolve("conf").resolve("config.yaml"), conf.resolve("config.yaml"));
        List<File> flink;
        try (Stream<Path> jars = Files.list(distribution.resolve("lib").resolve("flink"))) {
            flink = jars.map(Path::toFile).toList();
        }
        try (CommandLine run = CommandLine.of(
                directory,
                flink,
                "--add-opens=java.base/java.util=ALL-UNNAMED", // as the scripts of a Flink distribution do
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "--detached",
                "--jobmanager",
                "127.0.0.1:" + port,
                distribution.resolve("millrace-job.jar").toString(),
                job)) {
            assertThat(run.exitCode(PATIENCE)).as(run.out() + run.err()).isZero();
        }
    }

    private static String rows() {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> String.format(
                        Locale.ROOT, "%d,%d,%d", 15 + row % 9, row * 7 % 31 - 5, row * 7 % 31 < 10 ? 1 : 0))
                .collect(Collectors.joining("\n"));
    }

    private CommandLine millrace(String... arguments) throws IOException {
        return CommandLine.program(
                directory,
                Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                        .toList());
    }

    /** Does what a user types; returns what it prints. */
    private String does(String... arguments) throws Exception {
        try (CommandLine command = millrace(arguments)) {
            int exitCode = command.exitCode(PATIENCE);
            assertThat(exitCode)
                    .as("millrace %s\n%s", String.join(" ", arguments), command.err())
                    .isZero();
            return command.out();
        }
    }

    private void awaitPredictions(String topic, int count) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long seen;
        do {
            seen = does("consume", topic, "--job", "job.yaml").lines().count();
            assertThat(System.nanoTime())
                    .as("%d predictions, %d seen", count, seen)
                    .isLessThan(deadline);
        } while (seen < count);
        assertThat(seen).as("predictions, each once").isEqualTo(count);
    }

    /** The metrics that Grafana's dashboard shows. */
    private static List<String> shown() throws IOException {
        String dashboard = Files.readString(Path.of("..", "docker", "grafana", "dashboards", "millrace.json"));
        return Pattern.compile("flink_\\w+")
                .matcher(dashboard)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    /** What all processes of clusters on this machine tell Prometheus, on the ports that conf/config.yaml names. */
    private static String metrics() throws Exception {
        List<String> pages = new ArrayList<>();
        for (int port = 9249; port < 9260; port++) {
            try {
                HttpRequest scrape = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                        .build();
                pages.add(HttpClient.newHttpClient()
                        .send(scrape, HttpResponse.BodyHandlers.ofString())
                        .body());
            } catch (IOException e) {
                pages.add("nobody listens on " + port);
            }
        }
        return String.join("\n", pages);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
