package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Kafka a verb talks to: the one that is named, else a job's, else a broker on this machine. */
final class KafkaOptions {
    private static final String SERVERS = "--bootstrap-servers";
    private static final Cluster USUAL = new Cluster("localhost:9092", Map.of(), "the usual " + SERVERS);

    @Option(
            names = SERVERS,
            paramLabel = "HOST:PORT",
            description = "One or more brokers, separated by commas; the job's, or localhost:9092, when left out.")
    private @Nullable String servers;

    @Option(
            names = "--job",
            paramLabel = "JOB.yaml",
            description = "Job file that says where Kafka is and how records look.")
    private @Nullable Path file;

    /** The job, null if none is named; secrets are in it, so never print it. */
    @Nullable
    JobSpec job() {
        return file == null ? null : JobFile.FORMAT.resolve(JobFile.read(file).orThrow());
    }

    /** The cluster, given that of the job, null if there is no job. */
    Cluster cluster(@Nullable Cluster ofJob) {
        Cluster fallback = ofJob == null ? USUAL : ofJob;
        return servers == null ? fallback : new Cluster(servers, fallback.properties(), SERVERS);
    }
}
