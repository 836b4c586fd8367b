package io.millrace.jobs.cli;

/** How a verb says what became of it. */
final class ExitCode {
    /** All went well. */
    static final int FINE = 0;
    /** Something failed while the verb ran. */
    static final int FAILED = 1;
    /** The command line cannot be understood. */
    static final int WRONG_USAGE = 2;
    /** A job file holds mistakes. */
    static final int WRONG_SPEC = 3;

    private ExitCode() {}
}
