package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.local.LocalKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --cluster}: the job jar brings everything that a Flink distribution does not have. */
class ClusterSubmitIT {
    @TempDir
    Path directory;

    @Test
    void aJobOnASessionClusterPredictsEveryEventOnce() throws Exception {
        List<Reading> readings = Reading.mixed(5_000, 100, 20);
        Path flink = Files.createDirectory(directory.resolve("flink"));
        try (LocalKafka kafka = LocalKafka.temporary();
                SessionCluster cluster = new SessionCluster(flink, 1)) {
            WeatherJob job = WeatherJob.on(kafka, "weather", "jvm", 2, 2, directory);
            job.file();
            job.readings().send(readings);
            try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--cluster", cluster.address())) {
                int exitCode = run.exitCode(Duration.ofSeconds(60));
                assertThat(exitCode).as(run.err() + cluster.log()).isZero();
                assertThat(run.out()).as("the job's id").matches("[0-9a-f]{32}\n");
                assertThat(run.err()).contains("weather is submitted; look at http://" + cluster.address());
            }
            job.predictions().await(5_000);
            job.deadLetters().await(20L * Reading.Fault.values().length);
            Outputs outputs = new Outputs(job, readings, 0);
            outputs.everyGoodReadingHasOnePredictionInOrder();
            outputs.everyBadReadingHasOneDeadLetter();
        }
    }

    @Test
    @Timeout(180)
    void theLivePageShowsAJobThatRunsElsewhere() throws Exception {
        List<Reading> readings = Reading.good(2_000, 20);
        Path flink = Files.createDirectory(directory.resolve("flink"));
        try (LocalKafka kafka = LocalKafka.temporary();
                SessionCluster cluster = new SessionCluster(flink, 1)) {
            WeatherJob job = WeatherJob.on(kafka, "weather", "jvm", 1, 1, directory);
            job.file();
            job.readings().send(readings);
            try (CommandLine run =
                    CommandLine.millrace(directory, "run", "job.yaml", "--cluster", cluster.address(), "--watch")) {
                run.awaitText("see it learn at ", Duration.ofSeconds(60));
                String page = run.err().replaceFirst("(?s).*see it learn at ([^;]+);.*", "$1");
                HttpRequest news =
                        HttpRequest.newBuilder(URI.create(page + "news")).build();
                try (Stream<String> lines = HttpClient.newHttpClient()
                        .send(news, HttpResponse.BodyHandlers.ofLines())
                        .body()) {
                    assertThat(lines.filter(line -> line.contains("\"overall\":{\"predictions\":2000,"))
                                    .findFirst())
                            .isPresent();
                }
                run.interrupt();
                run.exitCode(Duration.ofSeconds(30));
            }
            job.readings().send(readings);
            job.predictions().await(4_000); // the job went on
        }
    }
}
