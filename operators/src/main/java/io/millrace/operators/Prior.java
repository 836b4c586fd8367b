package io.millrace.operators;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/** A model of a snapshot that new keys begin with, instead of seeded random parameters. */
@Term(value = "prior", about = "A model of a snapshot that new keys begin with.")
public record Prior(
        @Setting(value = "Directory of one complete snapshot, as a path or file: URI.", atLeast = 1)
        String snapshot,

        @Setting("Key of the model in it.") String key)
        implements Serializable {
    public Prior {
        Settings.check(Prior.class, snapshot, key);
    }
}
