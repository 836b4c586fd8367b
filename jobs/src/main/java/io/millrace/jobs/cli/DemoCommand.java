package io.millrace.jobs.cli;

import io.millrace.jobs.demo.Course;
import io.millrace.jobs.demo.Display;
import io.millrace.jobs.demo.Feeder;
import io.millrace.jobs.demo.Figures;
import io.millrace.jobs.demo.Generated;
import io.millrace.jobs.demo.Material;
import io.millrace.jobs.demo.OwnData;
import io.millrace.jobs.demo.Payments;
import io.millrace.jobs.demo.stream.Synthetic;
import io.millrace.jobs.local.LocalKafka;
import io.millrace.jobs.run.LocalRun;
import io.millrace.jobs.run.Preflight;
import io.millrace.jobs.run.Savepoints;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: the main job on a stream worth watching, with nothing but this process. */
@Command(
        name = "demo",
        description = {
            "Starts a Kafka broker and Flink in this process, feeds a stream, and shows a model learn it.",
            "",
            "The stream is card payments of some thousand cards, each with habits of its own; some are fraud, and"
                    + " twice the fraudsters change their ways: at once after a third of the events, and gradually"
                    + " from a half to two thirds. Every card has a neural network of its own.",
            "",
            "A page that shows the same in a browser is served on this machine; its address is printed.",
            "",
            "With --stream it is one of the generated streams of the literature, and one model learns it. With --input"
                    + " it is a file of yours."
        },
        footer = {
            "%nExamples:",
            "  millrace demo",
            "  millrace demo --events 1000000 --rate 0",
            "  millrace demo --stream sea --rate 5000 --events 100000",
            "  millrace demo --input flights.csv --label delayed --key airport"
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration PAINT_EVERY = Duration.ofMillis(300);

    @Spec
    private CommandSpec command;

    @Mixin
    private ExecutorOption executor;

    @Mixin
    private PageOption page;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Events to make (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Events a second; 0 is as fast as possible (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Cards that pay, one model each (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed gives the same stream (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            completionCandidates = StreamNames.class,
            description = "Generated stream with known drift instead of payments: ${COMPLETION-CANDIDATES}.")
    private @Nullable String stream;

    @Option(names = "--keep", description = "Leave broker and job running at the end, until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Keep job file, models and Kafka's data here; a new temporary directory when left out,"
                    + " in which Kafka's data does not stay.")
    private @Nullable Path directory;

    @ArgGroup(exclusive = false, heading = "%nYour own data:%n")
    private @Nullable Input input;

    private static final class StreamNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Synthetic.titles().iterator();
        }
    }

    /** A file instead of payments. */
    private static final class Input {
        @Option(
                names = "--input",
                required = true,
                paramLabel = "FILE",
                description = "CSV whose first line names the columns, or JSON objects, one per line.")
        private Path file;

        @Option(names = "--label", required = true, paramLabel = "COLUMN", description = "What to predict.")
        private String label;

        @Option(
                names = "--key",
                paramLabel = "COLUMN",
                description = "What names the model; one model for all when left out.")
        private @Nullable String key;
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final Course course = new Course();

    @Override
    public Integer call() throws Exception {
        requireUsable();
        Material material = material();
        Path home = directory == null
                ? Files.createTempDirectory("millrace-demo-")
                : Files.createDirectories(directory).toAbsolutePath();
        if (Files.exists(home.resolve("kafka"))) {
            throw new IOException("--directory: " + home + " holds the events of an earlier demo: name another one");
        }
        say("starting Kafka and Flink ...");
        try (LocalKafka kafka = directory == null ? LocalKafka.temporary() : LocalKafka.in(home.resolve("kafka"))) {
            Thread early = new Thread(kafka::close); // until there is a job, which must be stopped first
            Runtime.getRuntime().addShutdownHook(early);
            Path job = material.writeJob(home, kafka.bootstrapServers());
            JobSpec spec = executor.apply(JobFile.read(job).orThrow());
            kafka.createTopic(spec.source().kafka().topic(), 1);
            new Preflight(spec, note -> {}).run();
            try (JobPage live = JobPage.open(page.address(), spec, material.events(), material.drifts(), this::say);
                    LocalRun run =
                            LocalRun.start(spec, new Savepoints(home), null, live.andThen(course::add), this::say)) {
                Interrupts.forget(early);
                live.showRecords(spec);
                watch(material, kafka, run, live, home, job);
            }
        }
        return ExitCode.FINE;
    }

    private Material material() throws IOException {
        if (input != null) {
            return OwnData.of(input.file, input.label, input.key);
        }
        return stream == null ? new Payments(events, keys, seed) : new Generated(Synthetic.named(stream), events, seed);
    }

    private void requireUsable() {
        page.address(); // refuses a wrong one
        if (stream != null && input != null) {
            throw new ParameterException(command.commandLine(), "--stream and --input exclude each other");
        }
        if (events < 1 || keys < 1 || !(rate >= 0)) {
            throw new ParameterException(
                    command.commandLine(), "--events and --keys must be >= 1, --rate must be >= 0");
        }
    }

    private void watch(Material material, LocalKafka kafka, LocalRun run, JobPage live, Path home, Path job)
            throws Exception {
        say("Kafka is at " + kafka.bootstrapServers() + ", Flink's web UI at " + run.webUi() + ", all files in "
                + home);
        say("see it learn at " + live.uri());
        Feeder feeder = new Feeder(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                material.records(),
                rate == 0 ? Double.POSITIVE_INFINITY : rate);
        Thread interrupt = new Thread(() -> interrupted(feeder, run, live, kafka, home));
        Runtime.getRuntime().addShutdownHook(interrupt);
        try (feeder;
                Display display = Display.onStandardOutput(material.drifts())) {
            feeder.start();
            follow(feeder, run, material, display);
        }
        if (!over.get()) {
            summarize(material);
            if (keep) {
                nextCommands(
                        "millrace consume predictions --job " + job + " --limit 3",
                        "millrace consume telemetry --job " + job + " --follow",
                        "millrace inspect " + home.resolve("models"));
                say("broker and job go on until Ctrl-C");
                run.await();
            }
        }
        Interrupts.forget(interrupt);
        if (over.get()) {
            return; // it has stopped and told everything
        }
        run.stop(true);
        say("kept in " + home + ": the job file and the models" + (directory == null ? "" : ", Kafka's data"));
        nextCommands(
                "millrace inspect " + home.resolve("models"),
                "millrace validate " + job,
                "millrace demo --keep --directory " + home);
    }

    private void follow(Feeder feeder, LocalRun run, Material material, Display display) throws Exception {
        boolean fed = false;
        while (!over.get()) {
            long events = course.events();
            display.show(figures(course.overall(), material));
            fed = fed || feeder.await(PAINT_EVERY);
            if (fed) {
                if (events >= feeder.acknowledged()) {
                    return;
                }
                Thread.sleep(PAINT_EVERY.toMillis());
            }
            if (run.status() == JobStatus.FAILED) {
                run.await(); // throws the reason
            }
        }
    }

    private Figures figures(Tally overall, Material material) {
        Tally recent = course.recent();
        Scores scores = Scores.of(recent);
        Scores.Baseline majority = scores.baselines().majorityClass();
        return new Figures(
                overall.predictions(),
                material.events(),
                course.recentEventsPerSecond(),
                known(scores.accuracy()),
                known(scores.logLoss()),
                known(scores.kappaTemporal()),
                known(scores.baselines().noChange().accuracy()),
                known(majority == null ? null : majority.accuracy()),
                recent.latencyMillis(50),
                recent.latencyMillis(99),
                overall.models(),
                overall.deadLetters());
    }

    private static double known(@Nullable Double figure) {
        return figure == null ? Double.NaN : figure;
    }

    private void summarize(Material material) {
        PrintWriter out = command.commandLine().getOut();
        Tally overall = course.overall();
        out.println();
        out.println(String.format(
                Locale.ROOT,
                "%s, %s, %s, %s, %,.0f events/s; event to prediction %.0f ms (p50), %.0f ms (p99)",
                Figure.count(overall.predictions(), "event"),
                Figure.count(overall.models(), "model"),
                Figure.count(overall.updates(), "update"),
                Figure.count(overall.deadLetters(), "dead letter"),
                course.eventsPerSecond(),
                overall.latencyMillis(50),
                overall.latencyMillis(99)));
        Table.of(Scores.of(overall)).forEach(out::println);
        course.drifts(material.drifts(), material.events()).forEach(out::println);
        out.flush();
    }

    private void interrupted(Feeder feeder, LocalRun run, JobPage live, LocalKafka kafka, Path home) {
        over.set(true);
        feeder.stop();
        try (kafka; // the process does not wait for the other thread
                live;
                run) {
            say("stopping ...");
            run.stop(true);
            say("stopped after "
                    + String.format(Locale.ROOT, "%,d", course.overall().predictions()) + " events; kept in " + home
                    + ": the job file and the models");
        } catch (IOException e) {
            say(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void nextCommands(String... commands) {
        PrintWriter out = command.commandLine().getOut();
        out.println();
        out.println("Next:");
        for (String each : commands) {
            out.println("  ./" + each);
        }
        out.flush();
    }

    private void say(String what) {
        PrintWriter err = command.commandLine().getErr();
        err.println("millrace: " + what);
        err.flush();
    }
}
