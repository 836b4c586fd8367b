package io.millrace.operators;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/** What is done about a model that refuses one step after the other. */
@Term(value = "on-refused-steps", about = "What is done about a model that refuses one step after the other.")
public record RefusedSteps(
        @Setting(value = "Number of steps refused in a row.", byDefault = "10", atLeast = 1, atMost = 1e6)
        int after,

        @Setting(value = "What the model is reset to.", byDefault = "initial")
        ResetTo resetTo)
        implements Serializable {

    /** What a model is reset to. */
    public enum ResetTo {
        /** The parameters of a key that never had a model. */
        INITIAL,
        /** The model that new keys begin with. */
        PRIOR,
        /** The key's own model in the job's latest snapshot in which it had last taken a step. */
        SNAPSHOT
    }

    public RefusedSteps {
        Settings.check(RefusedSteps.class, after, resetTo);
    }
}
