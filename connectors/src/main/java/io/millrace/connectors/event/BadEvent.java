package io.millrace.connectors.event;

/** Says in one sentence why a record cannot be used. Carries no stack trace: it names the record's fault, not ours. */
public final class BadEvent extends Exception {
    BadEvent(String reason) {
        super(reason, null, false, false);
    }

    /** The sentence. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
