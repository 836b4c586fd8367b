package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.drift.Adwin;
import io.millrace.models.drift.Ddm;
import io.millrace.models.drift.Detector;
import io.millrace.models.drift.Eddm;
import io.millrace.models.drift.HddmA;
import io.millrace.models.drift.Kswin;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.drift.OnDrift.Watch;
import io.millrace.models.drift.PageHinkley;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Regularization;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Range.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that turn round: both executors alarm at the same events, and come to the same rows. */
class WatchTest {
    private static final int KEYS = 5;
    private static final int ROUNDS = 360;
    private static final int CONCEPT = 120; // rounds until labels turn round
    private static final Inputs INPUTS = new Inputs(2, List.of(new Inputs.Category(4, 2)));
    private static final Problem CLASSES = new Problem(INPUTS, new Target.Classes(List.of("a", "b")));
    private static final Problem VALUES = new Problem(INPUTS, new Target.Value());
    private static final float[] UNKNOWN = {};

    record Case(Watch watch, Problem problem, ModelSpec model) {
        Program program() {
            return model.compile(problem);
        }

        @Override
        public String toString() {
            return model.onDrift() + " " + model.optimizer() + " " + problem.target();
        }
    }

    /** Every detector and every optimizer with both answers that change a model. */
    static List<Case> cases() {
        List<Detector> detectors = List.of(
                new Adwin(0.2, 4, 5, 12),
                new Ddm(2, 20),
                new Eddm(0.9, 10),
                new HddmA(0.2),
                new PageHinkley(3, 0.005, 20),
                new Kswin(0.01, 40, 15));
        List<Optimizer> optimizers = List.of(new Sgd(0.2), new Adam(0.01, 0.9, 0.999, 1e-4), new Auto(3));
        List<Case> cases = new ArrayList<>();
        for (Detector detector : detectors) {
            Watch watch = detector.binary() || detector instanceof Adwin ? Watch.ERROR : Watch.LOSS;
            for (OnDrift answer :
                    List.of(new OnDrift.Boost(3, 40, detector, watch), new OnDrift.Reset(detector, watch))) {
                int number = cases.size();
                ModelSpec model = model(optimizers.get(number % optimizers.size()), number);
                Problem problem = watch == Watch.LOSS && number % 4 < 2 ? VALUES : CLASSES;
                cases.add(new Case(watch, problem, model.with(answer)));
            }
        }
        return cases;
    }

    /** Every fourth has a schedule, a bound and dropout. */
    private static ModelSpec model(Optimizer optimizer, int number) {
        return number % 4 > 0
                ? new ModelSpec(List.of(new Standardize(), new Dense(4), new Tanh()), null, optimizer, 1)
                : new ModelSpec(
                        List.of(new Standardize(), new Dense(4), new Tanh(), new Dropout(0.1)),
                        null,
                        optimizer,
                        new Schedule.WarmUp(50),
                        new Regularization(null, null, 0.001, 2.0),
                        null,
                        1);
    }

    record Event(int key, float[] features, float[] label, boolean learn) {}

    /** Rounds of distinct keys, whose labels turn round again and again; some events are only predicted. */
    private static List<List<Event>> rounds(Problem problem) {
        Random random = new Random(5);
        List<List<Event>> rounds = new ArrayList<>();
        for (int number = 0; number < ROUNDS; number++) {
            List<Event> round = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                float[] features = {(float) random.nextGaussian(), random.nextFloat(), random.nextInt(4)};
                if (random.nextInt(8) > 0) {
                    boolean turned = number / CONCEPT % 2 == 1;
                    float[] label = label(problem, features, turned);
                    int fate = random.nextInt(10);
                    round.add(new Event(key, features, fate == 0 ? UNKNOWN : label, fate > 1));
                }
            }
            rounds.add(round);
        }
        return rounds;
    }

    private static float[] label(Problem problem, float[] features, boolean turned) {
        if (problem.target() instanceof Target.Value) {
            return new float[] {turned ? features[1] : 8 - features[1]};
        }
        return new float[] {features[0] > 0 == turned ? 1 : 0};
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothExecutorsAlarmAtTheSameEventsAndComeToTheSameRows(Case each) {
        Program program = each.program();
        List<List<Event>> rounds = rounds(each.problem);
        float[][] rows = rows(program);
        float[][] djlRows = rows(program);
        List<Outcome> jvm = jvm(program, rounds, rows);
        List<Outcome> djl = djl(program, rounds, djlRows);

        for (int event = 0; event < jvm.size(); event++) {
            assertThat(facts(djl.get(event))).as("event %d", event).isEqualTo(facts(jvm.get(event)));
            assertThat(djl.get(event).scores)
                    .as("event %d", event)
                    .containsExactly(jvm.get(event).scores, within(1e-5f));
        }
        for (int key = 0; key < KEYS; key++) {
            assertThat(program.alarms(djlRows[key])).isEqualTo(program.alarms(rows[key]));
            if (each.watch == Watch.LOSS) {
                forgetLosses(program, djlRows[key]);
                forgetLosses(program, rows[key]);
            }
            for (int at = 0; at < rows[key].length; at++) {
                float size = Math.max(1, Math.abs(rows[key][at]));
                assertThat(djlRows[key][at])
                        .as("key %d, place %d", key, at)
                        .isCloseTo(rows[key][at], within(1e-5f * size));
            }
        }
        assertThat(jvm.stream().filter(outcome -> outcome.drift)).hasSizeGreaterThanOrEqualTo(KEYS);
    }

    @Test
    void reportingChangesNoBit() {
        ModelSpec plain = model(new Adam(0.01, 0.9, 0.999, 1e-4), 0);
        List<List<Event>> rounds = rounds(CLASSES).subList(0, CONCEPT);
        Program unwatched = plain.compile(CLASSES);
        Program watched =
                plain.with(new OnDrift.Report(new Kswin(0.01, 40, 15), null)).compile(CLASSES);
        float[][] expected = rows(unwatched);
        float[][] rows = rows(watched);

        djl(unwatched, rounds, expected);
        djl(watched, rounds, rows);

        for (int key = 0; key < KEYS; key++) {
            int from = watched.layout().start(Section.COUNTERS);
            assertThat(Arrays.copyOf(rows[key], from)).isEqualTo(Arrays.copyOf(expected[key], from));
        }
    }

    private static List<Outcome> jvm(Program program, List<List<Event>> rounds, float[][] rows) {
        JvmExecutor executor = new JvmExecutor(program);
        List<Outcome> outcomes = new ArrayList<>();
        for (List<Event> round : rounds) {
            for (Event e : round) {
                Outcome outcome = new Outcome(program.problem().target().scores());
                executor.step(rows[e.key], e.features, e.label, 1, e.learn, outcome);
                outcomes.add(outcome);
            }
        }
        return outcomes;
    }

    private static List<Outcome> djl(Program program, List<List<Event>> rounds, float[][] rows) {
        List<Outcome> outcomes = new ArrayList<>();
        int[] slots = {0, 1, 2, 3, 4};
        try (DjlExecutor executor = new DjlExecutor(program, KEYS, Device.CPU)) {
            executor.write(slots, List.of(rows));
            Batch batch = new Batch(program, KEYS);
            for (List<Event> round : rounds) {
                batch.clear();
                round.forEach(e -> batch.add(e.key, e.features, e.label, 1, e.learn));
                executor.step(batch);
                for (int sample = 0; sample < round.size(); sample++) {
                    Outcome outcome = new Outcome(program.problem().target().scores());
                    batch.outcome(sample, outcome);
                    outcomes.add(outcome);
                }
            }
            executor.read(slots, List.of(rows));
        }
        return outcomes;
    }

    private static List<Object> facts(Outcome outcome) {
        return List.of(outcome.status, outcome.version, outcome.previousLabel, outcome.drift, outcome.first);
    }

    /** Whose sums differ in the last bits, which are numbers of their own in a row. */
    private static void forgetLosses(Program program, float[] row) {
        int from = program.layout().at(program.drift().detector());
        Arrays.fill(row, from, from + program.drift().detector().length(), 0);
    }

    private static float[][] rows(Program program) {
        float[][] rows = new float[KEYS][];
        for (int key = 0; key < KEYS; key++) {
            rows[key] = program.initialRow("key " + key);
        }
        return rows;
    }
}
