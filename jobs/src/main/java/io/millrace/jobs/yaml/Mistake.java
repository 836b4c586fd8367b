package io.millrace.jobs.yaml;

import java.util.Comparator;

/**
 * Something in a file that cannot be used.
 *
 * @param file the file as its reader was asked for it
 * @param line counted from 1; 0 if the mistake has no place, such as a file that does not exist
 * @param column counted from 1; 0 if the mistake has no place
 * @param path keys that lead to it, as in {@code model.layers[1].units}; empty for the whole file
 * @param message what was found and what is allowed, on one line; never holds a secret
 */
public record Mistake(String file, int line, int column, String path, String message) {
    static final Comparator<Mistake> IN_FILE_ORDER =
            Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column);

    /** The way compilers write it, so that editors can jump there: {@code job.yaml:12:5: model.loss: ...}. */
    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
