package io.millrace.jobs.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Scores for people, in four decimals. */
public final class Rounded {
    private Rounded() {}

    /** The score, or a dash if there is none; nothing that is zero in four decimals is negative. */
    public static String text(@Nullable Double score) {
        if (score == null) {
            return "-";
        }
        String text = String.format(Locale.ROOT, "%.4f", score);
        return text.equals("-0.0000") ? "0.0000" : text;
    }
}
