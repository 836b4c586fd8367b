package io.millrace.tests.bench;

import io.millrace.models.Program;
import io.millrace.models.djl.Batch;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.DjlExecutor;
import io.millrace.models.djl.Updates;

/** One model that all events share, learnt in minibatches by the {@code djl} executor on the CPU. */
final class SharedModel implements Lap {
    private final Minibatch samples;
    private final int batches;
    private final Batch batch;
    private final DjlExecutor executor;

    SharedModel(Program program, Minibatch samples, int batches) {
        this.samples = samples;
        this.batches = batches;
        batch = new Batch(program, samples.size(), Updates.PER_BATCH);
        executor = new DjlExecutor(program, 1, Device.CPU, Updates.PER_BATCH);
        executor.write(0, program.initialRow(""));
    }

    @Override
    public double rate() {
        return Lap.timed(batches * samples.size(), () -> {
            for (int i = 0; i < batches; i++) {
                learn();
            }
        });
    }

    private void learn() {
        batch.clear();
        for (int row = 0; row < samples.size(); row++) {
            batch.add(0, samples.features()[row], samples.labels()[row], 1, true);
        }
        executor.step(batch);
    }
}
