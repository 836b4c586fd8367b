package io.millrace.jobs.cli;

import io.millrace.jobs.cluster.ClusterStart;
import io.millrace.jobs.cluster.Distribution;
import io.millrace.jobs.cluster.LocalCluster;
import io.millrace.jobs.cluster.Member;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace cluster}: a Flink cluster on this machine. */
@Command(
        name = "cluster",
        synopsisSubcommandLabel = "(start | status | stop)",
        description = {
            "Starts and stops a Flink cluster of separate JVMs on this machine, for jobs that outlive the terminal.",
            "",
            "It comes from Millrace's own distribution; nothing is downloaded. Its settings are in conf/config.yaml there;"
                    + " its logs, checkpoints and savepoints lie in .millrace/cluster in this directory."
        },
        footer = {
            "%nExamples:",
            "  millrace cluster start --task-managers 2 --kafka 9092",
            "  millrace run job.yaml --cluster",
            "  millrace cluster status",
            "  millrace cluster stop"
        })
final class ClusterCommand implements Runnable {
    private static final Path DIRECTORY = Path.of(".millrace", "cluster");

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "say what to do with the cluster: start, status or stop");
    }

    /** The cluster that was started in this directory and of which something still runs. */
    static Optional<LocalCluster> here() throws IOException {
        return LocalCluster.in(DIRECTORY).filter(LocalCluster::runs);
    }

    private static LocalCluster require() throws IOException {
        return here().orElseThrow(() -> new IOException("no cluster that was started in this directory runs"));
    }

    private void say(String what) {
        command.commandLine().getErr().println("millrace: " + what);
        command.commandLine().getErr().flush();
    }

    @Command(name = "start", description = "Starts a job manager and task managers, and waits until they are ready.")
    int start(
            @Option(
                            names = "--task-managers",
                            paramLabel = "N",
                            defaultValue = "2",
                            description = "How many task managers; with two, one can be lost. Default: 2.")
                    int taskManagers,
            @Option(
                            names = "--port",
                            defaultValue = "8081",
                            description = "Of the REST interface and web UI, on the loopback interface. Default: 8081.")
                    int port,
            @Option(
                            names = "--kafka",
                            paramLabel = "PORT",
                            description =
                                    "Also a Kafka broker at 127.0.0.1:PORT, for trying things out; its data stays.")
                    @Nullable
                    Integer kafka,
            @Option(
                            names = "--conf",
                            paramLabel = "DIR",
                            description =
                                    "Directory with config.yaml and log4j.properties; the distribution's own if left"
                                            + " out.")
                    @Nullable
                    Path conf)
            throws IOException, InterruptedException {
        Optional<LocalCluster> running = here();
        if (running.isPresent()) {
            throw new IOException(
                    "a cluster already runs at " + running.get().address() + ": millrace cluster stop ends it");
        }
        if (taskManagers < 1) {
            throw new ParameterException(
                    command.commandLine(), "--task-managers " + taskManagers + " must be at least 1");
        }
        Distribution distribution = Distribution.here();
        say("starting a job manager and " + taskManagers + (taskManagers == 1 ? " task manager" : " task managers")
                + " ...");
        LocalCluster cluster = new ClusterStart(
                        distribution,
                        conf == null ? distribution.settings() : conf,
                        DIRECTORY,
                        port,
                        taskManagers,
                        kafka)
                .run();
        if (kafka != null) {
            say("a Kafka broker listens on 127.0.0.1:" + kafka);
        }
        say("the cluster is up at http://" + cluster.address() + "; millrace run job.yaml --cluster submits to it,"
                + " millrace cluster stop ends it");
        return ExitCode.FINE;
    }

    @Command(name = "status", description = "Lists the cluster's processes, with their pids and logs.")
    int status() throws IOException {
        LocalCluster cluster = require();
        PrintWriter out = command.commandLine().getOut();
        out.println("http://" + cluster.address());
        for (Member member : cluster.members()) {
            out.println(String.format(
                    Locale.ROOT,
                    "%-16s pid %-8d %-8s %s",
                    member.name(),
                    member.pid(),
                    member.runs() ? "runs" : "is gone",
                    DIRECTORY.resolve("log").resolve(member.name() + ".log")));
        }
        out.flush();
        return ExitCode.FINE;
    }

    @Command(
            name = "stop",
            description = "Ends the processes that start has started; jobs can continue from their checkpoints.")
    int stop() throws IOException, InterruptedException {
        require().stop(DIRECTORY);
        say("the cluster is stopped; its logs and checkpoints stay in " + DIRECTORY);
        return ExitCode.FINE;
    }
}
