package io.millrace.jobs.demo;

import java.util.List;

/** Shows where a job stands. One thread only; call it two to four times a second. */
public interface Display extends AutoCloseable {

    void show(Figures now);

    /** Shows the last figures for good and leaves the terminal as it was. */
    @Override
    void close();

    /** A live board if standard output is a terminal that can move its cursor, else a line every few seconds. */
    @SuppressWarnings("SystemConsoleNull") // null again on JDK 22 and newer with -Djdk.console=java.base
    static Display onStandardOutput(List<Drift> drifts) {
        Look look = Look.ofStandardOutput();
        boolean live = System.console() != null && !"dumb".equals(System.getenv("TERM"));
        return live
                ? new LiveBoard(System.out, look, drifts, new TerminalWidth())
                : new PlainLines(System.out, look, System::nanoTime);
    }
}
