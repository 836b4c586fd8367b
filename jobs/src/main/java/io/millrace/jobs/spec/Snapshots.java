package io.millrace.jobs.spec;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/** Models written to files, for people and other programs. */
@Term(value = "snapshots", about = "Models written to files, for people and other programs.")
public record Snapshots(
        @Setting(value = "Where they are written, as a path or URI.", atLeast = 1)
        String directory,

        @Setting(value = "How often.", byDefault = "10 min") Every every)
        implements Serializable {
    public Snapshots {
        Settings.check(Snapshots.class, directory, every);
    }
}
