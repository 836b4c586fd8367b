package io.millrace.jobs.cli;

import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.jobs.cluster.Distribution;
import io.millrace.jobs.run.Flink;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.run.LocalRun;
import io.millrace.jobs.run.Preflight;
import io.millrace.jobs.run.Savepoints;
import io.millrace.jobs.spec.JobSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace run}: runs a job against Kafka. */
@Command(
        name = "run",
        description = {
            "Runs a job: reads its Kafka topic, learns, and writes predictions, telemetry and dead letters.",
            "",
            "Without --cluster the job runs in a Flink in this process until Ctrl-C, which writes its state to a"
                    + " savepoint under .millrace/ in this directory; --from latest continues there.",
            "",
            "With --cluster the job is submitted to a Flink session cluster and goes on by itself.",
            "",
            "With --watch a page shows in a browser how the job learns, as long as this command runs. With --cluster it"
                    + " reads the job's telemetry topic, which the job file must name, and Ctrl-C ends the page, not"
                    + " the job.",
            "",
            "Output topics that do not exist are made, with a partition per learner."
        },
        footer = {
            "%nExamples:",
            "  millrace run job.yaml",
            "  millrace run job.yaml --watch",
            "  millrace run job.yaml --from latest",
            "  millrace run job.yaml --cluster",
            "  millrace run job.yaml --cluster localhost:8081"
        })
final class RunCommand implements Callable<Integer> {
    private static final String LATEST = "latest";
    private static final String HERE = "here";

    @Spec
    private CommandSpec command;

    @Mixin
    private JobArgument job;

    @Option(
            names = "--cluster",
            paramLabel = "HOST:PORT",
            arity = "0..1",
            fallbackValue = HERE,
            description = "REST address of a Flink session cluster to submit to; without one, the cluster that millrace"
                    + " cluster start has started in this directory.")
    private @Nullable String cluster;

    @Option(names = "--watch", description = "Serve the live page, at an address that is printed.")
    private boolean watch;

    @Mixin
    private PageOption page;

    @Option(
            names = "--from",
            paramLabel = "SAVEPOINT",
            description = "Savepoint or checkpoint to continue from; latest: the last one this directory has.")
    private @Nullable String from;

    @Override
    public Integer call() throws Exception {
        page.address(); // a wrong one is refused before anything starts
        JobSpec spec = job.resolved();
        if (cluster != null && watched() && spec.telemetry().kafka() == null) {
            throw new IllegalArgumentException(
                    "--watch with --cluster reads the job's telemetry from Kafka, and the job"
                            + " writes none: add telemetry: {kafka: {topic: telemetry}}");
        }
        PrintWriter err = command.commandLine().getErr();
        return cluster == null ? local(spec, err) : submit(spec, address(cluster), err);
    }

    private String address(String named) throws IOException {
        if (HERE.equals(named)) {
            return ClusterCommand.here()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "--cluster: none was started in this directory; millrace cluster start does that, or name"
                                    + " HOST:PORT"))
                    .address();
        }
        if (!named.matches("[^/\\s]+:\\d{1,5}")) {
            throw new ParameterException(command.commandLine(), "--cluster " + named + " must be HOST:PORT");
        }
        return named;
    }

    private Integer local(JobSpec spec, PrintWriter err) throws Exception {
        Savepoints savepoints = Savepoints.of(spec.name());
        String start = start(savepoints);
        new Preflight(spec, note -> say(err, note)).run();
        if (from == null && savepoints.latest().isPresent()) {
            say(
                    err,
                    "beginning anew; --from latest would continue from "
                            + savepoints.latest().get());
        }
        try (Progress progress = new Progress(err, 5);
                JobPage live = page(err);
                LocalRun run = LocalRun.start(
                        spec,
                        savepoints,
                        start,
                        live == null ? progress : live.andThen(progress),
                        note -> say(err, note))) {
            say(err, spec.name() + " is running; Flink's web UI: " + run.webUi() + "; Ctrl-C stops it");
            if (live != null) {
                live.showRecords(spec);
                say(err, "see it learn at " + live.uri());
            }
            Thread stop = new Thread(() -> stop(run, live, err));
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                run.await();
            } finally {
                Interrupts.forget(stop);
            }
            return ExitCode.FINE;
        }
    }

    private @Nullable String start(Savepoints savepoints) throws IOException {
        if (from == null) {
            return null;
        }
        if (!LATEST.equals(from)) {
            return Savepoints.at(from)
                    .orElseThrow(() ->
                            new IllegalArgumentException("--from " + from + ": there is no savepoint or checkpoint"));
        }
        return savepoints
                .latest()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--from latest: there is no savepoint or checkpoint in " + savepoints.directory()));
    }

    private boolean watched() {
        return watch || page.named();
    }

    /** The page that was asked for; null if none was. */
    private @Nullable JobPage page(PrintWriter err) throws IOException {
        return watched() ? JobPage.open(page.address(), job.written(), null, List.of(), note -> say(err, note)) : null;
    }

    private void stop(LocalRun run, @Nullable JobPage live, PrintWriter err) {
        try (live;
                run) {
            say(err, "stopping ...");
            say(err, "stopped; the state is kept in " + run.stop(false));
            say(err, "continue with: millrace run " + job.file() + " --from latest");
        } catch (IOException e) {
            say(err, e.getMessage() + "; --from latest continues from the last checkpoint");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Integer submit(JobSpec spec, String address, PrintWriter err) throws Exception {
        if (LATEST.equals(from)) {
            throw new ParameterException(command.commandLine(), "--from latest is for local runs: name the savepoint");
        }
        try (JobPage live = page(err)) { // before the job goes off: its address may be taken
            JobClient client = submitted(spec, address, err);
            command.commandLine().getOut().println(client.getJobID());
            command.commandLine().getOut().flush();
            KafkaTopic telemetry = spec.telemetry().kafka();
            if (live != null && telemetry != null) {
                live.showTelemetry(spec, telemetry);
                live.showRecords(spec);
                say(err, "see it learn at " + live.uri() + "; Ctrl-C ends the page, and the job goes on");
                Flink.await(client);
            }
        }
        return ExitCode.FINE;
    }

    private JobClient submitted(JobSpec spec, String address, PrintWriter err) throws Exception {
        Path jar = Distribution.here().jobJar();
        Preflight.requireFlink(address);
        new Preflight(spec, note -> say(err, note)).run();
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1));
        StreamExecutionEnvironment environment = Flink.cluster(spec, host, port, jar, from);
        new JobGraph(spec).fromKafkaToKafka(environment);
        JobClient client;
        try {
            client = environment.executeAsync(spec.name());
        } catch (Exception e) {
            throw new IOException(
                    "the Flink cluster at " + address + " does not take the job; --debug shows what it answers", e);
        }
        say(err, spec.name() + " is submitted; look at http://" + address + "/#/job/running/" + client.getJobID());
        return client;
    }

    private static void say(PrintWriter err, String what) {
        err.println("millrace: " + what);
        err.flush();
    }
}
