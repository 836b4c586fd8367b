package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.program.Range;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the random cases are too short or too tame for: reviews, and members that overflow. */
class CommitteeStepsTest {
    private static final int KEYS = 3;

    private static Program program(Auto auto, boolean standardize) {
        return new ModelSpec(List.of(new Standardize(), new Dense(4), new Tanh()), new Squared(standardize), auto, 1)
                .compile(new Problem(Inputs.numeric(2), new Target.Value()));
    }

    private static float[][] rows(Program program) {
        float[][] rows = new float[KEYS][];
        for (int key = 0; key < KEYS; key++) {
            rows[key] = program.initialRow("key " + key);
        }
        return rows;
    }

    /** What each member's part of a row says that it is: rate, kind, losses, updates of its slots. */
    private static float[] own(Program program, float[] row, int member) {
        Range range = program.member().find(Auto.MEMORY).orElseThrow();
        int at = program.member().from(member * program.member().width()).at(range);
        return Arrays.copyOfRange(row, at, at + range.length());
    }

    /** Learns on both executors; returns the statuses, which must be the same. */
    private static Status[] learn(Program program, float[][] jvm, float[][] djl, int events, float largest) {
        JvmExecutor kernels = new JvmExecutor(program);
        Status[] statuses = new Status[KEYS];
        Outcome outcome = new Outcome(1);
        Outcome other = new Outcome(1);
        Random random = new Random(3);
        try (DjlExecutor executor = new DjlExecutor(program, KEYS, Device.CPU)) {
            for (int key = 0; key < KEYS; key++) {
                executor.write(key, djl[key]);
            }
            Batch batch = new Batch(program, KEYS);
            for (int event = 0; event < events; event++) {
                batch.clear();
                for (int key = 0; key < KEYS; key++) {
                    float[] features = {(float) random.nextGaussian(), (float) random.nextGaussian()};
                    float[] label = {largest * (features[0] * (key + 1) + 0.1f * (float) random.nextGaussian())};
                    batch.add(key, features, label, 1, true);
                    kernels.step(jvm[key], features, label, 1, true, outcome);
                    statuses[key] = outcome.status;
                }
                executor.step(batch);
                for (int key = 0; key < KEYS; key++) {
                    batch.outcome(key, other);
                    assertThat(other.status).isEqualTo(statuses[key]);
                }
            }
            for (int key = 0; key < KEYS; key++) {
                executor.read(key, djl[key]);
            }
        }
        return statuses;
    }

    @Test
    void reviewsAreTheSameOnBothExecutors() {
        Program program = program(new Auto(4), true);
        float[][] jvm = rows(program);
        float[][] djl = rows(program);
        learn(program, jvm, djl, 1_020, 1);
        boolean explored = false;
        for (int key = 0; key < KEYS; key++) {
            float[] start = program.initialRow("key " + key);
            for (int member = 0; member < 4; member++) {
                float[] expected = own(program, jvm[key], member);
                float[] actual = own(program, djl[key], member);
                assertThat(actual[0]).isEqualTo(expected[0]);
                assertThat(actual[1]).isEqualTo(expected[1]);
                assertThat(actual[2]).isCloseTo(expected[2], within(1e-3f * Math.max(1, expected[2])));
                assertThat(actual[3]).isEqualTo(expected[3]);
                explored |= member > 1 && expected[0] != own(program, start, member)[0];
            }
            assertThat(djl[key]).containsExactly(jvm[key], within(1e-3f));
        }
        assertThat(explored).isTrue();
    }

    @Test
    void aMemberThatOverflowsHasNoSayAndBeginsAnew() {
        Program program = program(new Auto(), true);
        float[][] jvm = rows(program);
        float[][] djl = rows(program);
        int bias = program.member().at(program.member().find("output.bias").orElseThrow());
        for (int member = 0; member < KEYS; member++) { // another member of each key
            jvm[member][member * program.member().width() + bias] = Float.POSITIVE_INFINITY;
            djl[member][member * program.member().width() + bias] = Float.POSITIVE_INFINITY;
        }
        assertThat(learn(program, jvm, djl, 1, 1)).containsOnly(Status.LEARNT);
        for (int key = 0; key < KEYS; key++) {
            assertThat(djl[key]).containsExactly(jvm[key], within(1e-5f));
            assertThat(own(program, djl[key], key)[0]).isEqualTo(own(program, program.initialRow("key"), key)[0] / 3);
        }
    }

    @Test
    void anEventThatNoMemberCanLearnChangesNothing() {
        Program program = program(new Auto(), false);
        float[][] jvm = rows(program);
        float[][] djl = rows(program);
        assertThat(learn(program, jvm, djl, 1, 1e30f)).containsOnly(Status.REFUSED_STEP);
        for (int key = 0; key < KEYS; key++) {
            assertThat(djl[key]).isEqualTo(jvm[key]);
            assertThat(program.updates(djl[key])).isZero();
        }
    }
}
