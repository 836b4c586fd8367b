package io.millrace.jobs.cli;

import io.millrace.jobs.serve.PredictionServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace serve}: answers over HTTP what the models of the newest snapshot predict. */
@Command(
        name = "serve",
        description = {
            "Answers over HTTP what the models of the newest snapshot predict, as the job would have, without learning.",
            "",
            "POST /predict takes an event as a JSON object, or an array of them, with the fields that the job reads."
                    + " A newer snapshot is served as soon as it is complete. The snapshot says what job it is of: no"
                    + " job file is needed.",
            "",
            "Also GET /model, /health, /ready and /metrics. There is no authentication: beyond this machine, put"
                    + " something in front that has one."
        },
        footer = {
            "%nExample:",
            "  millrace serve --snapshot models/ --port 8090",
            "  curl -d '{\"card\": \"c42\", \"amount\": 12.5}' http://127.0.0.1:8090/predict"
        })
final class ServeCommand implements Callable<Integer> {
    /** What a key without a model is answered. */
    private enum NewKeys {
        PREDICT,
        REFUSE
    }

    @Spec
    private CommandSpec command;

    @Option(
            names = "--snapshot",
            paramLabel = "DIR",
            required = true,
            description = "A directory of snapshots, or one snapshot; path or file: URI.")
    private String directory;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8090",
            description = "Where to listen; 0 takes a free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "On which of the machine's addresses; 0.0.0.0 for all (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--new-keys",
            paramLabel = "predict|refuse",
            defaultValue = "predict",
            description = "What a key without a model is answered: what the model says that the job would begin with,"
                    + " or status 404 (default: ${DEFAULT-VALUE}).")
    private NewKeys newKeys;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many requests are answered at once; twice the processors when left out.")
    private @Nullable Integer threads;

    @Option(
            names = "--waiting",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many requests may wait; status 503 beyond (default: ${DEFAULT-VALUE}).")
    private int waiting;

    @Override
    public Integer call() throws Exception {
        InetSocketAddress address = new InetSocketAddress(host, between("--port", port, 0, 65_535));
        if (address.isUnresolved()) {
            throw new ParameterException(command.commandLine(), "--host " + host + " is no address of this machine");
        }
        int atOnce = threads == null ? 2 * Runtime.getRuntime().availableProcessors() : threads;
        PredictionServer.Terms terms = new PredictionServer.Terms(
                between("--threads", atOnce, 1, 10_000),
                between("--waiting", waiting, 1, 1_000_000),
                newKeys == NewKeys.PREDICT);
        PrintWriter err = command.commandLine().getErr();
        PredictionServer server =
                new PredictionServer(SnapshotDirectory.path(directory), address, terms, note -> say(err, note));
        String at = "http://" + host + ":" + server.address().getPort();
        say(err, "listening at " + at + "/predict; Ctrl-C stops it");
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop(server, err);
            stopped.countDown();
        }));
        stopped.await();
        return ExitCode.FINE;
    }

    private static void stop(PredictionServer server, PrintWriter err) {
        try {
            say(err, "stopping ...");
            server.close();
            say(err, "stopped");
        } catch (IOException e) {
            say(err, "the snapshot could not be closed: " + e.getMessage());
        }
    }

    private int between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    command.commandLine(), option + " " + value + " must be in [" + least + ", " + most + "]");
        }
        return value;
    }

    private static void say(PrintWriter err, String what) {
        err.println("millrace: " + what);
        err.flush();
    }
}
