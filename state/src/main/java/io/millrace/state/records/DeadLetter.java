package io.millrace.state.records;

import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used, with everything needed to find and repeat it.
 *
 * @param reason what was wrong, in one sentence; never holds a secret
 * @param origin where it was read
 * @param key the record's own key bytes, null if it had none
 * @param value the record's own bytes, null if it had none
 */
public record DeadLetter(String reason, Origin origin, byte @Nullable [] key, byte @Nullable [] value) {}
