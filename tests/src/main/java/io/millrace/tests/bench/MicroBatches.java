package io.millrace.tests.bench;

import io.millrace.models.djl.Batch;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.DjlExecutor;
import java.util.List;
import java.util.stream.IntStream;

/** The {@code djl} executor, in micro-batches of different models. */
final class MicroBatches implements Lap {
    private static final int WRITTEN = 1_000; // rows at a time

    private final Population population;
    private final int batches;
    private final Batch batch;
    private final DjlExecutor executor;
    private final int models;
    private int slot;

    MicroBatches(Population population, int models, int rows, int batches, Device device) {
        this.population = population;
        this.models = models;
        this.batches = batches;
        batch = new Batch(population.program, rows);
        executor = new DjlExecutor(population.program, models, device);
        for (int from = 0; from < models; from += WRITTEN) {
            int[] slots =
                    IntStream.range(from, Math.min(models, from + WRITTEN)).toArray();
            List<float[]> first = IntStream.of(slots)
                    .mapToObj(slot -> population.row(slot % population.models()))
                    .toList();
            executor.write(slots, first);
        }
    }

    /**
     * Whether models would live on a GPU.
     *
     * @throws IllegalStateException if the device is missing
     */
    static boolean onGpu(Device device) {
        if (device == Device.CPU) {
            return false;
        }
        try (DjlExecutor probe = new DjlExecutor(new Population(1).program, 1, device)) {
            return probe.onGpu();
        }
    }

    @Override
    public double rate() {
        int events = batches * batch.capacity();
        return executor.onGpu() ? Lap.elapsed(events, this::learnBatches) : Lap.timed(events, this::learnBatches);
    }

    private void learnBatches() {
        for (int i = 0; i < batches; i++) {
            learn();
        }
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
