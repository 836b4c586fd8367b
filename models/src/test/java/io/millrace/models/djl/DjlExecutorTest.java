package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Edges of the executor; that it learns the same as the other one is held by {@link DjlExecutorAgreementTest}. */
class DjlExecutorTest {
    private static final float[] UNKNOWN = {};

    private static Program program(Layer... layers) {
        return new ModelSpec(List.of(layers), new Squared(false), new Adam(0.01), 1)
                .compile(new Problem(Inputs.numeric(2), new Target.Value()));
    }

    private static float[] row(DjlExecutor executor, Program program, int slot) {
        float[] row = new float[program.layout().width()];
        executor.read(slot, row);
        return row;
    }

    private static Outcome outcome(Batch batch, int sample) {
        Outcome outcome = new Outcome(1);
        batch.outcome(sample, outcome);
        return outcome;
    }

    @Test
    void readsWhatWasWritten() {
        Program program = program(new Dense(3));
        try (DjlExecutor executor = new DjlExecutor(program, 3, Device.CPU)) {
            float[] row = program.initialRow("key");
            row[0] = Float.intBitsToFloat(1); // the smallest number there is
            executor.write(1, row);
            assertThat(row(executor, program, 1)).isEqualTo(row);
            assertThat(row(executor, program, 0)).containsOnly(0);
            assertThat(row(executor, program, 2)).containsOnly(0);
        }
    }

    @Test
    void predictingLeavesEveryBitOfTheRows() {
        Program program = program(new Standardize(), new Dense(3));
        try (DjlExecutor executor = new DjlExecutor(program, 2, Device.CPU)) {
            executor.write(0, program.initialRow("key"));
            Batch batch = new Batch(program, 2);
            batch.add(0, new float[] {1, 2}, UNKNOWN, 1, false);
            executor.step(batch);
            assertThat(outcome(batch, 0).status).isEqualTo(Status.PREDICTED);
            assertThat(outcome(batch, 0).loss).isNaN();
            assertThat(row(executor, program, 0)).isEqualTo(program.initialRow("key"));
            assertThat(row(executor, program, 1)).containsOnly(0);
        }
    }

    @Test
    void refusalOfOneSampleDoesNotTouchTheOthers() {
        Program program = program(new Standardize(), new Dense(3), new LayerNorm(), new Tanh());
        float[][] rows = new float[3][];
        JvmExecutor jvm = new JvmExecutor(program);
        try (DjlExecutor executor = new DjlExecutor(program, 3, Device.CPU)) {
            for (int slot = 0; slot < 3; slot++) {
                rows[slot] = program.initialRow("key " + slot);
                jvm.step(rows[slot], new float[] {0, 1}, new float[] {1}, 1, true, new Outcome(1));
                executor.write(slot, rows[slot]);
            }
            Batch batch = new Batch(program, 3);
            batch.add(2, new float[] {1e30f, 1}, new float[] {2}, 1, true);
            batch.add(0, new float[] {1, 2}, new float[] {1e30f}, 1, true);
            batch.add(1, new float[] {1, 2}, new float[] {2}, 1, true);
            executor.step(batch);

            assertThat(outcome(batch, 0).status).isEqualTo(Status.REFUSED_SCORES);
            assertThat(row(executor, program, 2)).isEqualTo(rows[2]);
            assertThat(outcome(batch, 1).status).isEqualTo(Status.REFUSED_STEP);
            program.lastLabel(rows[0], new float[] {1e30f});
            assertThat(row(executor, program, 0)).isEqualTo(rows[0]);
            assertThat(outcome(batch, 2).status).isEqualTo(Status.LEARNT);
            assertThat(outcome(batch, 2).version).isEqualTo(1);
            assertThat(outcome(batch, 2).previousLabel).isEqualTo(1);
            assertThat(program.updates(row(executor, program, 1))).isEqualTo(2);
        }
    }

    @Test
    void aLargeBatchLearnsWhatItsSamplesLearnAlone() {
        Program program = program(new Standardize(), new Dense(3), new Tanh());
        int slots = 150; // a CPU takes 64 at a time
        try (DjlExecutor together = new DjlExecutor(program, slots, Device.CPU);
                DjlExecutor alone = new DjlExecutor(program, slots, Device.CPU)) {
            Batch batch = new Batch(program, slots);
            Batch single = new Batch(program, 1);
            List<Outcome> expected = new ArrayList<>();
            for (int slot = slots - 1; slot >= 0; slot--) {
                together.write(slot, program.initialRow("key " + slot));
                alone.write(slot, program.initialRow("key " + slot));
                float[] features = {slot, 1f / (slot + 1)};
                batch.add(slot, features, new float[] {slot}, 1, slot % 7 > 0);
                single.clear();
                single.add(slot, features, new float[] {slot}, 1, slot % 7 > 0);
                alone.step(single);
                expected.add(outcome(single, 0));
            }
            together.step(batch);
            for (int sample = 0; sample < slots; sample++) {
                assertThat(outcome(batch, sample).status).isEqualTo(expected.get(sample).status);
                assertThat(outcome(batch, sample).scores).isEqualTo(expected.get(sample).scores);
                assertThat(row(together, program, sample)).isEqualTo(row(alone, program, sample));
            }
        }
    }

    @Test
    void updatesAreCountedBeyondWhatAFloatCountsTo() {
        Program program = program();
        try (DjlExecutor executor = new DjlExecutor(program, 1, Device.CPU)) {
            float[] row = program.initialRow("key");
            row[program.updatesAt()] = Program.LOW - 1;
            row[program.updatesAt() + 1] = 3;
            executor.write(0, row);
            Batch batch = new Batch(program, 1);
            for (int i = 0; i < 3; i++) {
                batch.clear();
                batch.add(0, new float[] {1, 2}, new float[] {1}, 1, true);
                executor.step(batch);
                assertThat(outcome(batch, 0).version).isEqualTo(4L * Program.LOW - 1 + i);
            }
            assertThat(program.updates(row(executor, program, 0))).isEqualTo(4L * Program.LOW + 2);
        }
    }

    @Test
    void executorsInSeveralThreadsDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
        Program program = program(new Standardize(), new Dense(8), new Tanh());
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<float[]>> rows = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                rows.add(threads.submit(() -> learnt(program)));
            }
            float[] expected = learnt(program);
            for (Future<float[]> row : rows) {
                assertThat(row.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static float[] learnt(Program program) {
        try (DjlExecutor executor = new DjlExecutor(program, 4, Device.CPU)) {
            executor.write(3, program.initialRow("key"));
            Random random = new Random(1);
            Batch batch = new Batch(program, 1);
            for (int i = 0; i < 200; i++) {
                float[] features = {random.nextFloat(), random.nextFloat()};
                batch.clear();
                batch.add(3, features, new float[] {features[0]}, 1, true);
                executor.step(batch);
            }
            return row(executor, program, 3);
        }
    }

    @Test
    void slotsOutsideTheExecutorAreRefused() {
        Program program = program();
        try (DjlExecutor executor = new DjlExecutor(program, 2, Device.CPU)) {
            float[] row = program.initialRow("key");
            assertThatThrownBy(() -> executor.write(2, row)).hasMessage("slot=2 must be in [0, 2)");
            assertThatThrownBy(() -> executor.read(-1, row)).hasMessage("slot=-1 must be in [0, 2)");
            assertThatThrownBy(() -> executor.read(0, new float[3])).hasMessageStartingWith("row.length=3 must equal");
            Batch batch = new Batch(program, 1);
            batch.add(2, new float[] {1, 2}, UNKNOWN, 1, false);
            assertThatThrownBy(() -> executor.step(batch))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("slot=2 must be in [0, 2)");
        }
        assertThatThrownBy(() -> new DjlExecutor(program, 0, Device.CPU)).hasMessage("slots=0 must be >= 1");
    }

    @Test
    void batchRefusesWhatItCannotHold() {
        Batch batch = new Batch(program(), 2);
        float[] features = {1, 2};
        batch.add(5, features, UNKNOWN, 1, false);
        assertThatThrownBy(() -> batch.add(5, features, UNKNOWN, 1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slot=5 must be in a batch only once");
        assertThatThrownBy(() -> batch.add(1, new float[1], UNKNOWN, 1, false))
                .hasMessage("features.length=1 must equal width=2");
        assertThatThrownBy(() -> batch.add(1, features, UNKNOWN, 1, true)).hasMessage("learning needs a label");
        batch.add(1, features, UNKNOWN, 1, false);
        assertThatThrownBy(() -> batch.add(2, features, UNKNOWN, 1, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the batch is full: capacity=2");
        batch.clear();
        assertThat(batch.add(5, features, UNKNOWN, 1, false)).isZero();
        assertThat(batch.size()).isEqualTo(1);
    }

    @Test
    void emptyBatchIsNoWork() {
        Program program = program();
        try (DjlExecutor executor = new DjlExecutor(program, 1, Device.CPU)) {
            executor.step(new Batch(program, 1));
        }
    }

    @Test
    void copiesManyRowsAtOnce() {
        Program program = program(new Dense(64));
        int[] slots = new Random(2).ints(0, 6_000).distinct().limit(3_000).toArray(); // more than one transfer
        try (DjlExecutor executor = new DjlExecutor(program, 6_000, Device.CPU)) {
            List<float[]> rows = new ArrayList<>();
            List<float[]> copies = new ArrayList<>();
            for (int slot : slots) {
                rows.add(program.initialRow("key " + slot));
                copies.add(new float[program.layout().width()]);
            }
            executor.write(slots, rows);
            executor.read(slots, copies);
            for (int i = 0; i < slots.length; i++) {
                assertThat(copies.get(i)).as("slot %s", slots[i]).isEqualTo(rows.get(i));
            }
            assertThat(row(executor, program, slots[2_999])).isEqualTo(rows.get(2_999));
            assertThatThrownBy(() -> executor.read(slots, rows.subList(1, 3)))
                    .hasMessage("slots=3000 must equal rows=2");
        }
    }

    @Test
    void predictingRemembersTheLabelAlone() {
        Program program = program(new Standardize(), new Dense(3));
        try (DjlExecutor executor = new DjlExecutor(program, 1, Device.CPU)) {
            float[] row = program.initialRow("key");
            executor.write(0, row);
            Batch batch = new Batch(program, 1);
            batch.add(0, new float[] {1, 2}, new float[] {7}, 1, false);
            executor.step(batch);
            program.lastLabel(row, new float[] {7});
            assertThat(row(executor, program, 0)).isEqualTo(row);
        }
    }

    @Test
    void categoriesOutsideTheirBucketsAreRefusedBeforeAnyMemoryIsTouched() {
        Inputs inputs = new Inputs(1, List.of(new Inputs.Category(4, 2), new Inputs.Category(3, 2)));
        Program program = new ModelSpec(List.of(new Dense(3)), new Squared(false), new Adam(0.01), 1)
                .compile(new Problem(inputs, new Target.Value()));
        Batch batch = new Batch(program, 2);
        for (float bucket : new float[] {4, -1, 0.5f, Float.NaN, 1e20f}) {
            assertThatThrownBy(() -> batch.add(0, new float[] {1, bucket, 0}, UNKNOWN, 1, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("features[1]=" + bucket + " must be a whole number in [0, 4)");
        }
        assertThatThrownBy(() -> batch.add(0, new float[] {1, 3, 3}, UNKNOWN, 1, false))
                .hasMessage("features[2]=3.0 must be a whole number in [0, 3)");
        assertThat(batch.size()).isZero();
    }

    @Test
    void executorsFollowEachOtherInOneJvm() {
        Program program = program(new Standardize(), new Dense(8), new Tanh());
        float[] first = learnt(program);
        for (int restart = 0; restart < 5; restart++) {
            assertThat(learnt(program)).isEqualTo(first);
        }
    }

    @Test
    void batchesMayGrowAndShrink() {
        Program program = program(new Dense(8), new Tanh());
        try (DjlExecutor executor = new DjlExecutor(program, 8, Device.CPU)) {
            for (int capacity : new int[] {2, 8, 1}) {
                Batch batch = new Batch(program, capacity);
                for (int slot = 0; slot < capacity; slot++) {
                    executor.write(slot, program.initialRow("key"));
                    batch.add(slot, new float[] {1, 2}, new float[] {3}, 1, true);
                }
                executor.step(batch);
                for (int slot = 1; slot < capacity; slot++) {
                    assertThat(row(executor, program, slot)).isEqualTo(row(executor, program, 0));
                }
                assertThat(program.updates(row(executor, program, 0))).isEqualTo(1);
            }
        }
    }
}
