package io.millrace.jobs.yaml;

import java.lang.reflect.InvocationTargetException;

/** What a spec record says when it refuses its values. */
final class Refusal {
    private Refusal() {}

    /**
     * The message of the {@link IllegalArgumentException} that was thrown.
     *
     * @throws IllegalStateException if anything else was: that is the record's own mistake, not the file's
     */
    static String message(InvocationTargetException thrown) {
        if (thrown.getCause() instanceof IllegalArgumentException refusal && refusal.getMessage() != null) {
            return refusal.getMessage();
        }
        throw new IllegalStateException(thrown.getCause());
    }
}
