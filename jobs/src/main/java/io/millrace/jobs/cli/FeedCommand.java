package io.millrace.jobs.cli;

import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.RecordFile;
import io.millrace.jobs.demo.EncodedRecords;
import io.millrace.jobs.demo.Feeder;
import io.millrace.jobs.spec.JobSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace feed}: puts the records of a file on a topic. */
@Command(
        name = "feed",
        description = {
            "Puts the records of a file on a Kafka topic, in the format the job reads.",
            "",
            "The file holds CSV whose first line names the columns, or one JSON object per line.",
            "A record that does not fit the format ends it, with the line's number; what was sent stays sent."
        },
        footer = {
            "%nExamples:",
            "  millrace feed payments.csv --job job.yaml --create --rate 1000",
            "  zcat payments.csv.gz | millrace feed - --topic payments --limit 100"
        })
final class FeedCommand implements Callable<Integer> {
    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");
    private static final Duration REPORT_EVERY = Duration.ofSeconds(2);
    private static final Path HERE = Path.of("");

    /** How a record is written on the topic. */
    private enum Encoding {
        JSON,
        CSV,
        AVRO
    }

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "FILE", description = "The file; - is standard input.")
    private String file;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Where to; the job's source when left out.")
    private @Nullable String topic;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "json, csv or avro; the job's when left out, json without a job.")
    private @Nullable Encoding encoding;

    @Option(
            names = "--key",
            paramLabel = "FIELD",
            description = "Field that becomes the Kafka record's key, so that a model's events stay in order; the"
                    + " job's when left out.")
    private @Nullable String key;

    @Option(names = "--schema", paramLabel = "SCHEMA.avsc", description = "Avro schema; implies --format avro.")
    private @Nullable Path schema;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Records a second; as fast as Kafka takes them when left out.")
    private double rate = Double.POSITIVE_INFINITY;

    @Option(
            names = "--create",
            paramLabel = "PARTITIONS",
            arity = "0..1",
            fallbackValue = "1",
            description = "Make the topic if it does not exist, with so many partitions (1 if not said).")
    private @Nullable Integer partitions;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many records.")
    private long limit = Long.MAX_VALUE;

    @Override
    public Integer call() throws Exception {
        requireUsable();
        JobSpec job = kafka.job();
        String destination = destination(job);
        JobTopic place = job == null ? null : new JobTopic(job, destination);
        Cluster cluster = kafka.cluster(place == null ? null : place.cluster());
        if (partitions == null) {
            String named = topic == null ? "source.kafka.topic" : "--topic";
            cluster.requireTopic(destination, named, "; --create makes it");
        } else if (cluster.ensureTopic(destination, partitions)) {
            command.commandLine().getErr().println("made the topic " + destination);
        }
        String keyField = key != null || place == null ? key : place.key();
        try (RecordFile records = open(format(place), names(job, keyField))) {
            feed(new EncodedRecords(records, destination, keyField, limit), cluster, destination);
        }
        return ExitCode.FINE;
    }

    private void requireUsable() {
        if (!(rate > 0)) {
            throw new ParameterException(command.commandLine(), "--rate=" + rate + " must be > 0");
        }
        if (limit < 1) {
            throw new ParameterException(command.commandLine(), "--limit=" + limit + " must be >= 1");
        }
        if (encoding == Encoding.AVRO && schema == null) {
            throw new ParameterException(command.commandLine(), "--format avro needs --schema");
        }
        if (schema != null && encoding != null && encoding != Encoding.AVRO) {
            throw new ParameterException(command.commandLine(), "--schema is for --format avro");
        }
    }

    private String destination(@Nullable JobSpec job) {
        if (topic != null) {
            return topic;
        }
        if (job == null) {
            throw new ParameterException(command.commandLine(), "--topic or --job must be given");
        }
        return job.source().kafka().topic();
    }

    private Format format(@Nullable JobTopic place) {
        if (schema != null) {
            return new Format.Avro(schema.toString());
        }
        if (encoding == null && place != null) {
            return place.format();
        }
        return encoding == Encoding.CSV ? new Format.Csv(null, ",") : new Format.Json();
    }

    private static Set<String> names(@Nullable JobSpec job, @Nullable String keyField) {
        if (job != null) {
            return job.names();
        }
        return keyField == null ? Set.of() : Set.of(keyField);
    }

    private RecordFile open(Format format, Set<String> names) throws IOException {
        try {
            return RecordFile.open(file.equals("-") ? STANDARD_INPUT : Path.of(file), format, HERE, names);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Feeds to the end, a failure or an interrupt, and says how far it came. */
    private void feed(EncodedRecords records, Cluster cluster, String destination) throws Exception {
        String place = destination + " at " + cluster.servers();
        Feeder feeder = new Feeder(cluster.clientSettings(), records, rate);
        Thread interrupted = new Thread(() -> {
            feeder.stop();
            report("stopped: sent", feeder, place);
        });
        Runtime.getRuntime().addShutdownHook(interrupted);
        try (feeder) {
            feeder.start();
            while (!feeder.await(REPORT_EVERY)) {
                report("sent", feeder, place);
            }
        } catch (IllegalArgumentException e) {
            report("sent", feeder, place);
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            Interrupts.forget(interrupted);
        }
        if (interrupted.getState() == Thread.State.NEW) { // else it had the last word
            report("done: sent", feeder, place);
        }
    }

    private void report(String what, Feeder feeder, String place) {
        PrintWriter err = command.commandLine().getErr();
        err.println(String.format(Locale.ROOT, "%s %,d records to %s", what, feeder.acknowledged(), place));
        err.flush();
    }
}
