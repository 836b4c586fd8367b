package io.millrace.jobs.spec;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** From what a job continues after a crash. */
@Term(value = "checkpoints", about = "From what a job continues after a crash.")
public record Checkpoints(
        @Setting(value = "Time between the starts of two checkpoints.", byDefault = "10 s", atLeast = 0.1)
        Duration every,

        @Setting(value = "Where they are kept, as a URI; Flink's own choice when left out.", optional = true) @Nullable
        String directory)
        implements Serializable {
    public Checkpoints {
        Settings.check(Checkpoints.class, every, directory);
    }
}
