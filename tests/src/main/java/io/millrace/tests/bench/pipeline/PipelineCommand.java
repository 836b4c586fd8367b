package io.millrace.tests.bench.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.connectors.kafka.Delivery;
import io.millrace.jobs.local.LocalKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code millrace bench pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "A whole job, Kafka to Kafka, beside the plain pipe anyone would write, in turn in this process.",
            "",
            "The plain pipe counts Avro records in keyed state; the job learns each with a network per key, 32-64-1"
                    + " with Adam. Broker, checkpoints and exactly-once delivery are included on both sides."
        })
public final class PipelineCommand implements Callable<Integer> {
    @Option(names = "--keys", split = ",", defaultValue = "10000,100000", description = "default: ${DEFAULT-VALUE}")
    private List<Integer> keys = List.of();

    @Option(names = "--events", defaultValue = "3000000", description = "A lap's events (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(names = "--rounds", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--parallelism", defaultValue = "2", description = "of each job (default: ${DEFAULT-VALUE})")
    private int parallelism;

    @Option(
            names = "--at-least-once",
            description = "Also our job with at-least-once delivery, and what exactly-once costs against it.")
    private boolean atLeastOnce;

    @Option(names = "--latency-seconds", defaultValue = "20", description = "default: ${DEFAULT-VALUE}")
    private int latencySeconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("millrace-bench");
        List<PipelineFigures> all = new ArrayList<>();
        try (Sampling sampling = new Sampling();
                LocalKafka kafka = LocalKafka.temporary()) {
            for (int count : keys) {
                PipelineFigures figures = measure(new Track(kafka, directory, parallelism, sampling), count, directory);
                figures.lines().forEach(System.out::println);
                all.add(figures);
            }
        } finally {
            FileUtils.deleteDirectoryQuietly(directory.toFile());
        }
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), all);
        }
        return 0;
    }

    private PipelineFigures measure(Track track, int count, Path directory) throws Exception {
        Pipe plain = new PlainPipe();
        Pipe learned = new LearnedPipe(Delivery.EXACTLY_ONCE, directory);
        List<Pipe> pipes = new ArrayList<>(List.of(plain, learned));
        if (atLeastOnce) {
            pipes.add(new LearnedPipe(Delivery.AT_LEAST_ONCE, directory));
        }
        Events source = new Events(track.servers(), count);
        String topic = "events-" + count;
        track.makeTopic(topic);
        say("writing %,d events of %,d keys", events, count);
        source.fill(topic, events);
        Map<Pipe, List<Lap>> laps = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Pipe pipe : pipes) {
                Lap lap = track.lap(pipe, topic, events);
                say("%s: %,.0f records/s%s", pipe.name(), lap.recordsPerSecond(), round == 0 ? " (warm-up)" : "");
                if (round > 0) {
                    laps.computeIfAbsent(pipe, each -> new ArrayList<>()).add(lap);
                }
            }
        }
        PipelineFigures figures = new PipelineFigures(count, new LinkedHashMap<>(), new LinkedHashMap<>());
        laps.forEach((pipe, each) -> figures.laps().put(pipe.name(), median(each)));
        double half = median(laps.getOrDefault(learned, List.of())).recordsPerSecond() / 2;
        for (Pipe pipe : List.of(plain, learned)) {
            say("%s at %,.0f records/s", pipe.name(), half);
            figures.latencies().put(pipe.name(), Latency.of(track.latency(pipe, source, half, latencySeconds)));
        }
        return figures;
    }

    private static Lap median(List<Lap> laps) {
        List<Lap> sorted = new ArrayList<>(laps);
        sorted.sort(Comparator.comparingDouble(Lap::recordsPerSecond));
        return sorted.get(sorted.size() / 2);
    }

    private static void say(String format, Object... values) {
        System.err.println(String.format(Locale.ROOT, format, values));
    }
}
