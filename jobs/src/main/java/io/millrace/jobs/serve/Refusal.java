package io.millrace.jobs.serve;

/** Says why a request is not answered, in one sentence for who asked. Carries no stack trace: the fault is not ours. */
final class Refusal extends Exception {
    private final int status;

    /**
     * @param status HTTP's code
     * @param reason names the field or value, and the rule
     */
    Refusal(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** The same, of one event of several. */
    Refusal of(int event) {
        return new Refusal(status, "event " + event + ": " + reason());
    }
}
