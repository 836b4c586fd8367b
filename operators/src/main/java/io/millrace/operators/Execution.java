package io.millrace.operators;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.io.Serializable;
import java.time.Duration;

/** Which executor runs the models, and how samples are gathered for it. */
public record Execution(
        @Setting(value = "jvm: fused CPU kernels, event by event; djl: PyTorch, in micro-batches.", byDefault = "auto")
        Executor executor,

        @Setting(value = "Where the djl executor computes.", byDefault = "auto")
        Device device,

        @Setting(
                value = "Samples in one micro-batch of the djl executor.",
                byDefault = "128",
                atLeast = 1,
                atMost = 65536)
        int batch,

        @Setting(value = "Longest wait for a micro-batch to fill.", byDefault = "5 ms", above = 0)
        Duration delay,

        @Setting(
                value = "Models that the djl executor keeps in its own memory, at least one micro-batch.",
                byDefault = "10000",
                atLeast = 1)
        int liveModels)
        implements Serializable {

    /** What runs the models. */
    public enum Executor {
        AUTO,
        JVM,
        DJL
    }

    /** Where the djl executor computes. */
    public enum Device {
        AUTO,
        CPU,
        GPU
    }

    /** The executor that fits, with the defaults. */
    public static final Execution AUTO = new Execution(Executor.AUTO, Device.AUTO, 128, Duration.ofMillis(5), 10_000);

    public Execution {
        Settings.check(Execution.class, executor, device, batch, delay, liveModels);
        if (liveModels < batch) {
            throw new IllegalArgumentException("live-models=" + liveModels + " must be >= batch=" + batch);
        }
    }
}
