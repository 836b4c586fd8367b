package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import io.millrace.models.jvm.JvmExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random models over random streams: both executors and every batch size come to the same. */
class DjlExecutorAgreementTest {
    private static final int CASES = 40;

    /** Everything a stream leads to: the outcome of every event, then the row of every key. */
    private record Trace(List<Outcome> outcomes, float[][] rows) {}

    static List<RandomCase> cases() {
        List<RandomCase> cases = new ArrayList<>();
        for (int seed = 0; seed < CASES; seed++) {
            cases.add(RandomCase.of(seed));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheJvmExecutor(RandomCase each) {
        agree(each, jvm(each), djl(each, RandomCase.KEYS), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void batchesComeToTheSameAsOneAtATime(RandomCase each) {
        agree(each, djl(each, 1), djl(each, RandomCase.KEYS), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameSeedAndStreamGiveTheSameBits(RandomCase each) {
        agree(each, djl(each, 3), djl(each, 3), 0);
    }

    private static float[][] initialRows(Program program) {
        float[][] rows = new float[RandomCase.KEYS][];
        for (int key = 0; key < rows.length; key++) {
            rows[key] = program.initialRow("key " + key);
        }
        return rows;
    }

    private static Trace jvm(RandomCase each) {
        Program program = each.program();
        JvmExecutor executor = new JvmExecutor(program);
        Trace trace = new Trace(new ArrayList<>(), initialRows(program));
        for (List<Event> round : each.rounds()) {
            for (Event e : round) {
                Outcome outcome = outcome(program);
                executor.step(trace.rows[e.key()], e.features(), e.label(), e.weight(), e.learn(), outcome);
                trace.outcomes.add(outcome);
            }
        }
        return trace;
    }

    private static Trace djl(RandomCase each, int capacity) {
        Program program = each.program();
        Trace trace = new Trace(new ArrayList<>(), initialRows(program));
        try (DjlExecutor executor = new DjlExecutor(program, RandomCase.KEYS, Device.CPU)) {
            for (int key = 0; key < RandomCase.KEYS; key++) {
                executor.write(key, trace.rows[key]);
            }
            Batch batch = new Batch(program, capacity);
            for (List<Event> round : each.rounds()) {
                for (int from = 0; from < round.size(); from += capacity) {
                    step(executor, batch, round.subList(from, Math.min(round.size(), from + capacity)), trace, program);
                }
            }
            for (int key = 0; key < RandomCase.KEYS; key++) {
                executor.read(key, trace.rows[key]);
            }
        }
        return trace;
    }

    private static void step(DjlExecutor executor, Batch batch, List<Event> events, Trace trace, Program program) {
        batch.clear();
        events.forEach(e -> batch.add(e.key(), e.features(), e.label(), e.weight(), e.learn()));
        executor.step(batch);
        for (int sample = 0; sample < events.size(); sample++) {
            Outcome outcome = outcome(program);
            batch.outcome(sample, outcome);
            trace.outcomes.add(outcome);
        }
    }

    private static Outcome outcome(Program program) {
        return new Outcome(program.problem().target().scores());
    }

    private static void agree(RandomCase each, Trace one, Trace other, double tolerance) {
        assertThat(one.outcomes).hasSameSizeAs(other.outcomes);
        for (int i = 0; i < one.outcomes.size(); i++) {
            Outcome a = one.outcomes.get(i);
            Outcome b = other.outcomes.get(i);
            assertThat(b.status).as("%s, status of event %s", each, i).isEqualTo(a.status);
            assertThat(b.version).as("%s, version at event %s", each, i).isEqualTo(a.version);
            near(each + ", previous label of event " + i, a.previousLabel, b.previousLabel, 0);
            near(each + ", loss of event " + i, (float) a.loss, (float) b.loss, tolerance);
            for (int score = 0; score < a.scores.length; score++) {
                near(each + ", score " + score + " of event " + i, a.scores[score], b.scores[score], tolerance);
            }
        }
        for (int key = 0; key < one.rows.length; key++) {
            for (int at = 0; at < one.rows[key].length; at++) {
                near(each + ", float " + at + " of row " + key, one.rows[key][at], other.rows[key][at], tolerance);
            }
        }
    }

    /**
     * Differs by no more than the tolerance, or that share of the larger number. An outlier's score is a sum of huge
     * terms that cancel, which leaves it fewer digits.
     */
    private static void near(String what, float a, float b, double tolerance) {
        double size = Math.max(Math.abs(a), Math.abs(b));
        double share = size < 1e9 ? tolerance : 100 * tolerance;
        boolean near = Float.compare(a, b) == 0 || Math.abs((double) a - b) <= share * Math.max(1, size);
        assertThat(near).as("%s: %s and %s agree to %s", what, a, b, tolerance).isTrue();
    }
}
