package io.millrace.tests.bench;

import io.millrace.jobs.demo.Drift;
import io.millrace.jobs.demo.stream.Generator;
import io.millrace.jobs.demo.stream.Synthetic;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.drift.Adwin;
import io.millrace.models.drift.Detector;
import io.millrace.models.drift.HddmA;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Sgd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code millrace bench drift}: how fast models recover, with and without an answer to drift. */
@Command(
        name = "drift",
        mixinStandardHelpOptions = true,
        description = {
            "Learns the generated streams test-then-train, with and without on-drift, and prints a table.",
            "",
            "after: accuracy over the 1,000 events behind each drift that is abrupt, or during a gradual one. recovery:"
                    + " events from an abrupt drift until the last 500 are predicted as well as the model without"
                    + " on-drift does in the last half of the concept, less .02; a concept that never gets there counts"
                    + " with its length. alarms: per stream. Means over all drifts and seeds."
        })
final class DriftBench implements Callable<Integer> {
    private static final int AFTER = 1_000;
    private static final int SMOOTHED = 500;
    private static final double SLACK = 0.02;

    @Option(
            names = "--events",
            defaultValue = "40000",
            description = "Events of each stream (default: ${DEFAULT-VALUE}).")
    int events = 40_000;

    @Option(names = "--seeds", defaultValue = "5", description = "Streams of each kind (default: ${DEFAULT-VALUE}).")
    int seeds = 5;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description = "Learn with plain SGD at this learning rate (default: with optimizer auto).")
    @Nullable
    Double rate;

    /** Which events were predicted rightly, as running counts, and how many alarms there were. */
    private record Course(int[] right, int alarms) {
        double accuracy(long from, long to) {
            return (right[(int) to] - right[(int) from]) / (double) (to - from);
        }
    }

    @Override
    public Integer call() {
        System.out.println("| stream | on-drift | accuracy | after | recovery | alarms |");
        System.out.println("|---|---|---|---|---|---|");
        for (Synthetic stream : Synthetic.values()) {
            List<Course> plain = courses(stream, null);
            print(stream, "none", plain, plain);
            answers().forEach((name, answer) -> print(stream, name, courses(stream, answer), plain));
        }
        return 0;
    }

    private static Map<String, OnDrift> answers() {
        Detector adwin = new Adwin(0.002, 32, 5, 12);
        Detector hddm = new HddmA(0.001);
        Map<String, OnDrift> answers = new LinkedHashMap<>();
        answers.put("boost, adwin", new OnDrift.Boost(4, 500, adwin, null));
        answers.put("reset, adwin", new OnDrift.Reset(adwin, null));
        answers.put("boost, hddm-a", new OnDrift.Boost(4, 500, hddm, null));
        answers.put("reset, hddm-a", new OnDrift.Reset(hddm, null));
        return answers;
    }

    private List<Course> courses(Synthetic stream, @Nullable OnDrift answer) {
        return IntStream.rangeClosed(1, seeds)
                .mapToObj(seed -> course(stream.start(events, seed), answer))
                .toList();
    }

    private Course course(Generator generator, @Nullable OnDrift answer) {
        int width = generator.features().size();
        List<String> classes = IntStream.range(0, generator.classes())
                .mapToObj(Integer::toString)
                .toList();
        Optimizer optimizer = rate == null ? new Auto() : new Sgd(rate);
        ModelSpec model = new ModelSpec(
                List.of(new Standardize(), new Dense(64), new LayerNorm(), new Tanh()), null, optimizer, 1);
        Program program = (answer == null ? model : model.with(answer))
                .compile(new Problem(Inputs.numeric(width), new Target.Classes(classes)));
        JvmExecutor executor = new JvmExecutor(program);
        Outcome outcome = new Outcome(generator.classes());
        float[] row = program.initialRow("key");
        double[] drawn = new double[width];
        float[] features = new float[width];
        float[] label = new float[1];
        int[] right = new int[events + 1];
        for (int event = 0; event < events; event++) {
            label[0] = generator.next(drawn);
            for (int i = 0; i < width; i++) {
                features[i] = (float) drawn[i];
            }
            executor.step(row, features, label, 1, true, outcome);
            right[event + 1] = right[event] + (Target.highest(outcome.scores) == (int) label[0] ? 1 : 0);
        }
        return new Course(right, (int) program.alarms(row));
    }

    private void print(Synthetic stream, String answer, List<Course> courses, List<Course> plain) {
        List<Drift> drifts = stream.start(events, 1).drifts();
        List<Double> after = new ArrayList<>();
        List<Double> recoveries = new ArrayList<>();
        for (int i = 0; i < drifts.size(); i++) {
            Drift drift = drifts.get(i);
            boolean abrupt = drift.start() == drift.end();
            long end = i + 1 < drifts.size() ? drifts.get(i + 1).start() : events;
            for (int seed = 0; seed < courses.size(); seed++) {
                after.add(courses.get(seed).accuracy(drift.start(), abrupt ? drift.start() + AFTER : drift.end()));
                if (abrupt) {
                    double target = plain.get(seed).accuracy((drift.start() + end) / 2, end) - SLACK;
                    recoveries.add(recovery(courses.get(seed), drift.start(), end, target));
                }
            }
        }
        System.out.println(String.format(
                Locale.ROOT,
                "| %s | %s | %.4f | %.4f | %s | %.1f |",
                stream.title(),
                answer,
                mean(courses.stream().map(course -> course.accuracy(0, events)).toList()),
                mean(after),
                recoveries.isEmpty() ? "-" : String.format(Locale.ROOT, "%,.0f", mean(recoveries)),
                mean(courses.stream().map(course -> (double) course.alarms()).toList())));
    }

    private static double recovery(Course course, long drift, long end, double target) {
        for (long event = drift + SMOOTHED; event <= end; event++) {
            if (course.accuracy(event - SMOOTHED, event) >= target) {
                return event - drift;
            }
        }
        return end - drift;
    }

    private static double mean(List<Double> figures) {
        return figures.stream().mapToDouble(figure -> figure).average().orElse(Double.NaN);
    }
}
