package io.millrace.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.djl.Device;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.loss.CrossEntropy;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Auto;
import io.millrace.tests.bench.pipeline.PipelineCommand;
import io.millrace.tests.bench.soak.CheckpointCommand;
import io.millrace.tests.bench.soak.SoakCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code millrace bench}. */
@Command(
        name = "millrace bench",
        mixinStandardHelpOptions = true,
        subcommands = {DriftBench.class, PipelineCommand.class, CheckpointCommand.class, SoakCommand.class},
        description = "Measures what an event costs, beside baselines measured in the same run.")
public final class Bench implements Callable<Integer> {
    private static final int SMALL = 1_000;
    private static final int MINIBATCH = 256;
    private static final int MOST_ROWS = 4_096;
    private static final int SILENCE = 5_000; // Adam's means of a gradient of 0 would turn denormal after 830

    @Option(names = "--filter", defaultValue = "", description = "Only benchmarks whose name contains this text.")
    String filter = "";

    @Option(names = "--json", description = "Also write the figures to this file.")
    @Nullable
    Path json;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = "Where djl learns micro-batches: cpu (the default), gpu, or auto. On a GPU by the clock, and"
                    + " also 1,000,000 models beside copying rows in its memory.")
    Device device = Device.CPU;

    @Option(names = "--quick", description = "20,000 models and three rounds instead of 100,000 and nine.")
    boolean quick;

    @Option(names = "--full", description = "Also 400,000 models; needs MILLRACE_JAVA_OPTS=-Xmx14g.")
    boolean full;

    private long lastWord = System.nanoTime();

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command; it says in one line which device is missing, and what to do. */
    public static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (!(failure instanceof IllegalStateException)) {
                        throw failure;
                    }
                    command.getErr().println("millrace bench: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public Integer call() throws Exception {
        List<Comparison> chosen = comparisons().stream()
                .filter(each -> each.name().contains(filter))
                .toList();
        Map<Lap, List<Double>> rates = new LinkedHashMap<>();
        Map<Lap, String> names = new LinkedHashMap<>();
        for (Comparison each : chosen) {
            for (Lap lap : List.of(each.baseline(), each.subject())) {
                rates.put(lap, new ArrayList<>());
                names.putIfAbsent(lap, each.name());
            }
        }
        int rounds = quick ? 3 : 9;
        for (int round = 0; round <= rounds; round++) { // round 0 compiles, and does not count
            for (Map.Entry<Lap, List<Double>> each : rates.entrySet()) {
                progress("round " + round + " of " + rounds + ": " + names.get(each.getKey()));
                double rate = each.getKey().rate();
                if (round > 0) {
                    each.getValue().add(rate);
                }
            }
        }
        report(chosen.stream()
                .map(each -> Figure.of(each, median(rates, each.subject()), median(rates, each.baseline())))
                .toList());
        return 0;
    }

    /** Says on stderr what comes next, every two seconds at most: a table takes minutes. */
    private void progress(String next) {
        if (System.nanoTime() - lastWord > 2_000_000_000L) {
            System.err.println(next);
            lastWord = System.nanoTime();
        }
    }

    private static double median(Map<Lap, List<Double>> rates, Lap lap) {
        double[] sorted = rates.getOrDefault(lap, List.of()).stream()
                .mapToDouble(rate -> rate)
                .toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void report(List<Figure> figures) throws Exception {
        System.out.println(Figure.HEADER);
        figures.forEach(figure -> System.out.println(figure.line()));
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), figures);
        }
    }

    private List<Comparison> comparisons() {
        int many = quick ? 20_000 : 100_000;
        int events = quick ? 50_000 : 100_000;
        boolean gpu = MicroBatches.onGpu(device);
        Population population = new Population(full ? 4 * many : many);
        Lap learn = population.learn(many, events);
        Lap small = population.learn(SMALL, 2 * events);
        Lap trainer = new TrainerLoop(population, 2_000, 1);
        List<Comparison> all = new ArrayList<>(List.of(
                new Comparison("jvm, many models / memory", learn, population.touch(events), 0.8),
                new Comparison("jvm, many models / DJL Trainer", learn, trainer, 75),
                new Comparison("jvm, 1k models / many", small, learn, 1.7),
                new Comparison("jvm, hot model / many", population.learn(1, 2 * events), learn, 2.5),
                new Comparison("jvm, plain loops / Vector API", new PlainLoops(many, events), learn, 0.45),
                new Comparison("jvm, flat cost: many / 1k models", learn, small, 1 / 2.2),
                new Comparison(
                        "jvm, half the features silent / live",
                        new Population(1).silenced(SILENCE).learn(1, 2 * events),
                        new Population(1).learn(1, 2 * events),
                        0.9),
                new Comparison(
                        "jvm, auto of three / Adam alone",
                        new Population(SMALL, new Auto(3)).learn(SMALL, events),
                        small,
                        1 / 3.6),
                new Comparison(
                        "learner, labels later / with events",
                        new Joined(population.program, SMALL, 4 * events, true),
                        new Joined(population.program, SMALL, 4 * events, false),
                        0.3),
                new Comparison("jvm, two threads / one", twoThreads(events), learn, 1.6),
                new Comparison(
                        "djl, 64 rows / DJL Trainer",
                        new MicroBatches(population, many / 2, 64, 200, device),
                        trainer,
                        15),
                new Comparison(
                        "djl, 256 rows / DJL Trainer",
                        new MicroBatches(population, many / 2, 256, 50, device),
                        trainer,
                        15),
                new Comparison(
                        "djl, shared, batch 256 / DJL Trainer",
                        new SharedModel(population.program, population.minibatch(MINIBATCH), 1_000),
                        new TrainerLoop(population, 200_000, MINIBATCH),
                        2.5),
                wide()));
        if (full) {
            all.add(new Comparison(
                    "jvm, flat cost: 400k / 1k models", population.learn(4 * many, events), small, 1 / 2.2));
        }
        if (gpu) {
            all.add(new Comparison(
                    "djl, 4,096 rows / copying rows",
                    new MicroBatches(population, 10 * many, MOST_ROWS, 50, device),
                    new CopiedRows(population.program.layout().width(), MOST_ROWS, device),
                    0));
        }
        return all;
    }

    /** A net whose products of matrices outweigh all else: what the engine adds must be small. */
    private static Comparison wide() {
        Minibatch samples = Minibatch.random(MINIBATCH, 256, 10);
        List<String> classes =
                IntStream.range(0, 10).mapToObj(Integer::toString).toList();
        Program program = new ModelSpec(
                        List.of(new Dense(512), new Relu(), new Dense(512), new Relu()),
                        new CrossEntropy(),
                        new Adam(BareScript.RATE),
                        1)
                .compile(new Problem(Inputs.numeric(256), new Target.Classes(classes)));
        return new Comparison(
                "djl, shared 256-512-512-10 / bare script",
                new SharedModel(program, samples, 50),
                new BareScript(samples, List.of(256, 512, 512, 10), 50),
                0.85);
    }

    private static Lap twoThreads(int events) {
        int each = events / 4; // so many models of 28 KB are far beyond any cache of a core
        return new TwoThreads(new Population(each).learn(each, events), new Population(each).learn(each, events));
    }
}
