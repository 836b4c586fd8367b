package io.millrace.models.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Optimizer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an event costs beside its arithmetic: nothing. */
class JvmExecutorCostTest {
    private static final int WARM = 30_000;
    private static final int EVENTS = 10_000;
    private static final int RUNS = 100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Program program = program(new Adam(0.001));
    private JvmExecutor executor = new JvmExecutor(program);
    private float[] row = program.initialRow("key");
    private final Outcome outcome = new Outcome(1);
    private final Random random = new Random(1);
    private final float[] features = new float[32];
    private final float[] label = new float[1];

    private static Program program(Optimizer optimizer) {
        return new ModelSpec(
                        List.of(new Standardize(), new Dense(64), new Relu(), new LayerNorm(), new Dense(20)),
                        new Squared(true),
                        optimizer,
                        1)
                .compile(new Problem(Inputs.numeric(32), new Target.Value()));
    }

    private void learn(int events, int live) {
        for (int event = 0; event < events; event++) {
            for (int i = 0; i < live; i++) {
                features[i] = random.nextFloat() - 0.5f;
            }
            label[0] = features[0];
            executor.step(row, features, label, 1, true, outcome);
        }
    }

    /** Once compiled, that is: before, vectors are objects. */
    @Test
    void learningAllocatesNothing() {
        long thread = Thread.currentThread().getId();
        long allocated = Long.MAX_VALUE;
        for (int run = 0; run < RUNS && allocated > 0; run++) {
            long before = threads.getThreadAllocatedBytes(thread);
            learn(EVENTS, 32);
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        }
        assertThat(allocated).isZero();
    }

    @Test
    void learningSideBySideAllocatesNothing() {
        program = program(new Auto());
        executor = new JvmExecutor(program);
        row = program.initialRow("key");
        learningAllocatesNothing();
    }

    @Test
    void featuresThatFellSilentCostNothing() {
        learn(WARM, 32);
        long lively = nanosOf(32);
        Arrays.fill(features, 0);
        learn(5_000, 1);
        assertThat(nanosOf(1)).isLessThan(3 * lively);
    }

    /** The fastest of several runs, in CPU time: other work on the machine only adds. */
    private long nanosOf(int live) {
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long start = threads.getCurrentThreadCpuTime();
            learn(5_000, live);
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        return best;
    }
}
