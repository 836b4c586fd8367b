package io.millrace.tests.bench;

import io.millrace.models.djl.Batch;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.DjlExecutor;

/** The {@code djl} executor on the CPU, in micro-batches of different models. */
final class MicroBatches implements Lap {
    private final Population population;
    private final int batches;
    private final Batch batch;
    private final DjlExecutor executor;
    private final int models;
    private int slot;

    MicroBatches(Population population, int models, int rows, int batches) {
        this.population = population;
        this.models = models;
        this.batches = batches;
        batch = new Batch(population.program, rows);
        executor = new DjlExecutor(population.program, models, Device.CPU);
        for (int model = 0; model < models; model++) {
            executor.write(model, population.row(model));
        }
    }

    @Override
    public double rate() {
        return Lap.timed(batches * batch.capacity(), () -> {
            for (int i = 0; i < batches; i++) {
                learn();
            }
        });
    }

    /** The slots lie a large stride apart, so that no two of a batch are neighbours. */
    private void learn() {
        batch.clear();
        for (int row = 0; row < batch.capacity(); row++) {
            slot = (slot + 7919) % models;
            batch.add(slot, population.features(row), population.label(row), 1, true);
        }
        executor.step(batch);
    }
}
