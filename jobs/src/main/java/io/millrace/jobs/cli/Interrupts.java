package io.millrace.jobs.cli;

/** What happens on Ctrl-C. */
final class Interrupts {
    private Interrupts() {}

    /** Takes a shutdown hook back; if the shutdown has begun, waits for the hook to end instead. */
    static void forget(Thread hook) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shutdown) {
            hook.join();
        }
    }
}
