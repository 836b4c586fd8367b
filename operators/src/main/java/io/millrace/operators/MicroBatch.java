package io.millrace.operators;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.time.Duration;

/** How the djl executor gathers samples of different keys into one step. */
@Term(value = "micro-batch", about = "How the djl executor gathers samples of different keys into one step.")
public record MicroBatch(
        @Setting(value = "Most samples in a step.", byDefault = "128", atLeast = 1, atMost = 65536)
        int rows,

        @Setting(value = "Longest time a sample waits for others.", byDefault = "5 ms", atLeast = 0, atMost = 10)
        Duration maxDelay)
        implements Serializable {

    /** What a job file gets that does not say. */
    public static final MicroBatch DEFAULT = new MicroBatch(128, Duration.ofMillis(5));

    public MicroBatch {
        Settings.check(MicroBatch.class, rows, maxDelay);
    }
}
