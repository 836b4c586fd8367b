package io.millrace.operators;

import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import java.io.Serializable;

/**
 * Which executor runs the models.
 *
 * @param executor the choice; {@code AUTO} is resolved by {@link #resolved}
 * @param device where the djl executor computes
 * @param updates whether every event is an update, or a micro-batch is one of each of its keys
 * @param microBatch how samples are gathered for the djl executor
 */
public record Execution(Executor executor, Device device, Updates updates, MicroBatch microBatch)
        implements Serializable {

    /** What runs the models. */
    public enum Executor {
        /** The jvm executor, unless a GPU or updates per batch are asked for. */
        AUTO,
        /** Fused kernels on the CPU, event by event. */
        JVM,
        /** PyTorch, on the CPU or a GPU, in micro-batches. */
        DJL
    }

    /** The executor that fits, with the defaults. */
    public static final Execution AUTO =
            new Execution(Executor.AUTO, Device.AUTO, Updates.PER_EVENT, MicroBatch.DEFAULT);

    public Execution {
        if (executor == Executor.JVM && device == Device.GPU) {
            throw new IllegalArgumentException("gpu needs executor djl or auto; executor jvm runs on the CPU");
        }
        if (executor == Executor.JVM && updates == Updates.PER_BATCH) {
            throw new IllegalArgumentException(
                    "per-batch needs executor djl or auto; executor jvm learns event by event");
        }
    }

    /** The executor that runs: never {@code AUTO}. Every layer has a kernel for the CPU. */
    public Executor resolved() {
        if (executor != Executor.AUTO) {
            return executor;
        }
        return device == Device.GPU || updates == Updates.PER_BATCH ? Executor.DJL : Executor.JVM;
    }
}
