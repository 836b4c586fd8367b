package io.millrace.tests.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.djl.Device;

/**
 * Copies rows in a device's memory, as many as a micro-batch has: every byte is read and written once, as a learnt event
 * must at the least, so that a rate times twice a row's bytes is the bandwidth.
 */
final class CopiedRows implements Lap {
    private static final int COPIES = 200;

    private final NDArray rows;

    CopiedRows(int width, int rows, Device device) {
        this.rows = Engine.getEngine("PyTorch")
                .newBaseManager(device == Device.CPU ? ai.djl.Device.cpu() : ai.djl.Device.gpu())
                .ones(new Shape(rows, width));
    }

    @Override
    public double rate() {
        return Lap.elapsed(Math.toIntExact(COPIES * rows.getShape().get(0)), this::copy);
    }

    private void copy() {
        for (int i = 0; i < COPIES; i++) {
            try (NDArray copied = rows.duplicate()) {
                if (i == COPIES - 1) {
                    copied.getFloat(0, 0); // waits until all are done
                }
            }
        }
    }
}
