package io.millrace.tests;

import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.run.LocalRun;
import io.millrace.jobs.run.Preflight;
import io.millrace.jobs.run.Savepoints;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.operators.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A job that learns from {@link Reading}s, with topics and a directory of its own.
 *
 * @param servers of the broker
 * @param name of the job, and what its topics' names begin with
 * @param executor jvm or djl
 * @param parallelism number of learners
 * @param directory where its file, checkpoints and snapshots lie
 */
record WeatherJob(String servers, String name, String executor, int parallelism, Path directory) {

    /** The job, after its topics were made. */
    static WeatherJob on(
            LocalKafka kafka, String name, String executor, int partitions, int parallelism, Path directory) {
        kafka.createTopic(name + "-readings", partitions);
        return new WeatherJob(kafka.bootstrapServers(), name, executor, parallelism, directory);
    }

    /** The same on a broker elsewhere. */
    static WeatherJob on(Broker kafka, String name, String executor, int partitions, int parallelism, Path directory)
            throws Exception {
        kafka.createTopic(name + "-readings", partitions);
        return new WeatherJob(kafka.servers(), name, executor, parallelism, directory);
    }

    /** The same job with another number of learners. */
    WeatherJob at(int otherParallelism) {
        return new WeatherJob(servers, name, executor, otherParallelism, directory);
    }

    /** Writes the job file. */
    Path file() throws IOException {
        return Files.writeString(directory.resolve("job.yaml"), """
                name: NAME
                source:
                  kafka: {bootstrap-servers: "SERVERS", topic: NAME-readings}
                  format: json
                event: {id: id, key: station, time: time}
                label: {field: weather, classes: [dry, rain]}
                features:
                  - numeric: [temperature, pressure]
                  - categorical: {field: sky, buckets: 8, dimension: 2}
                model:
                  layers: [standardize, {dense: 8}, layer-norm, relu, {dropout: 0.1}]
                  optimizer: {adam: {learning-rate: 0.01}}
                executor: EXECUTOR
                parallelism: PARALLELISM
                checkpoints: {every: 200 ms, directory: "DIRECTORY/checkpoints"}
                snapshots: {directory: "DIRECTORY/models", every: 7000 events}
                predictions: {kafka: {topic: NAME-predictions}}
                telemetry: {every: 250 events, kafka: {topic: NAME-telemetry}}
                dead-letters: {kafka: {topic: NAME-dead-letters}}
                """.replace("SERVERS", servers)
                .replace("EXECUTOR", executor)
                .replace("PARALLELISM", Integer.toString(parallelism))
                .replace("DIRECTORY", directory.toString())
                .replace("NAME", name));
    }

    JobSpec spec() throws IOException {
        return JobFile.read(file()).orThrow();
    }

    /** Runs it on a Flink in this process, from a savepoint unless that is null. */
    LocalRun start(String from, Consumer<Telemetry> watcher) throws Exception {
        return start(from, watcher, note -> {});
    }

    /** The same, with someone who is told what goes wrong. */
    LocalRun start(String from, Consumer<Telemetry> watcher, Consumer<String> notes) throws Exception {
        JobSpec spec = spec();
        new Preflight(spec, note -> {}).run();
        return LocalRun.start(spec, new Savepoints(directory), from, watcher, notes);
    }

    Topic readings() {
        return topic("readings");
    }

    Topic predictions() {
        return topic("predictions");
    }

    Topic deadLetters() {
        return topic("dead-letters");
    }

    Topic telemetry() {
        return topic("telemetry");
    }

    private Topic topic(String suffix) {
        return new Topic(servers, name + "-" + suffix);
    }

    /** Where snapshots become visible. */
    Path models() {
        return directory.resolve("models");
    }
}
