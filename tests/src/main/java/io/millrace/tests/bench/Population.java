package io.millrace.tests.bench;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Relu;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Many models of the net 32-64(LayerNorm)-1, with Adam unless said otherwise, and a stream of samples for them; belongs to one thread. */
final class Population {
    /** Width of the input. */
    static final int INPUTS = 32;

    /** Units of the hidden layer. */
    static final int UNITS = 64;

    private static final int SAMPLES = 1 << 10; // a power of two, so that indices wrap by masking
    private static final int ORDER = 1 << 18;

    final Program program;
    private final JvmExecutor executor;
    private final Outcome outcome = new Outcome(1);
    private final float[][] rows;
    private final int[] order = new int[ORDER];
    private final float[][] features = new float[SAMPLES][INPUTS];
    private final float[][] labels = new float[SAMPLES][1];
    private int next;

    Population(int models) {
        this(models, new Adam(0.003));
    }

    Population(int models, Optimizer optimizer) {
        program = new ModelSpec(
                        List.of(new Dense(UNITS), new Relu(), new LayerNorm()), new Squared(false), optimizer, 1)
                .compile(new Problem(Inputs.numeric(INPUTS), new Target.Value()));
        executor = new JvmExecutor(program);
        Random random = new Random(1);
        rows = new float[models][];
        for (int model = 0; model < models; model++) {
            rows[model] = program.initialRow("key " + model);
        }
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int i = 0; i < INPUTS; i++) {
                features[sample][i] = (float) random.nextGaussian();
            }
            labels[sample][0] = features[sample][0] + (float) random.nextGaussian();
        }
        for (int i = 0; i < ORDER; i++) {
            order[i] = random.nextInt();
        }
    }

    int models() {
        return rows.length;
    }

    float[] row(int model) {
        return rows[model];
    }

    float[] features(int event) {
        return features[event & (SAMPLES - 1)];
    }

    float[] label(int event) {
        return labels[event & (SAMPLES - 1)];
    }

    /** The next model in random order, among the first so many. */
    int next(int models) {
        return Integer.remainderUnsigned(order[next++ & (ORDER - 1)], models);
    }

    /** The first events of the stream. */
    Minibatch minibatch(int size) {
        return new Minibatch(Arrays.copyOf(features, size), Arrays.copyOf(labels, size));
    }

    /** One event per model and step, on models drawn from the first so many. */
    Lap learn(int models, int events) {
        return () -> Lap.timed(events, () -> learnEvents(models, events));
    }

    private void learnEvents(int models, int events) {
        for (int event = 0; event < events; event++) {
            executor.step(rows[next(models)], features(event), label(event), 1, true, outcome);
        }
    }

    /** This population, after so many events with all inputs live and as many with half of them 0. */
    Population silenced(int events) {
        learnEvents(models(), events);
        for (float[] sample : features) {
            Arrays.fill(sample, INPUTS / 2, INPUTS, 0);
        }
        learnEvents(models(), events);
        return this;
    }

    /** Reads and writes every float of as many rows: what memory allows. */
    Lap touch(int events) {
        return () -> Lap.timed(events, () -> {
            for (int event = 0; event < events; event++) {
                scale(rows[next(rows.length)]);
            }
        });
    }

    private static void scale(float[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] *= 1.0000001f;
        }
    }
}
