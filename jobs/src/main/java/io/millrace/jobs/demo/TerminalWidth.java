package io.millrace.jobs.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** How many characters fit on a line of this process's terminal, asked anew every few seconds; 80 if nobody knows. */
final class TerminalWidth implements IntSupplier {
    private static final int USUAL = 80;
    private static final long VALID_NANOS = Duration.ofSeconds(2).toNanos();

    private int width = measured();
    private long measuredAt = System.nanoTime();

    @Override
    public int getAsInt() {
        if (System.nanoTime() - measuredAt > VALID_NANOS) {
            width = measured();
            measuredAt = System.nanoTime();
        }
        return width;
    }

    /** What {@code stty size}, which prints rows and columns, says of the terminal. */
    private static int measured() {
        ProcessBuilder stty = new ProcessBuilder("stty", "size")
                .redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try (BufferedReader answer = stty.start().inputReader()) {
            return parsed(answer.readLine());
        } catch (IOException e) {
            return USUAL; // no such program, as on Windows
        }
    }

    /** Columns of an answer such as {@code 24 80}. */
    static int parsed(@Nullable String rowsAndColumns) {
        if (rowsAndColumns == null || !rowsAndColumns.matches("\\d+ [1-9]\\d{0,4}")) {
            return USUAL;
        }
        return Integer.parseInt(rowsAndColumns.substring(rowsAndColumns.indexOf(' ') + 1));
    }
}
