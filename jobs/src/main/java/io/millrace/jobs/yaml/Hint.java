package io.millrace.jobs.yaml;

import io.millrace.models.spec.Nearest;
import java.util.Collection;

/** What to write instead of a wrong name. */
public final class Hint {
    private Hint() {}

    /** The end of a message about a wrong name: the nearest name if one is near, and all that are allowed. */
    public static String among(String wrong, Collection<String> allowed) {
        String question = Nearest.question(wrong, allowed);
        return question + (question.isEmpty() ? "; allowed: " : " Allowed: ") + String.join(", ", allowed);
    }
}
