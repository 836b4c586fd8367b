package io.millrace.connectors.event;

import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Sample;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record. Exactly one of the two is there.
 *
 * @param sample the event it holds
 * @param deadLetter why it holds none
 */
public record Decoded(@Nullable Sample sample, @Nullable DeadLetter deadLetter) {
    public Decoded {
        if ((sample == null) == (deadLetter == null)) {
            throw new IllegalArgumentException("exactly one of sample and deadLetter must be given");
        }
    }
}
