package io.millrace.models.spec;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name someone probably meant. */
public final class Nearest {
    private Nearest() {}

    /**
     * The name that takes the fewest edits to reach, ignoring case; the first of several as near.
     *
     * @return null if every name is further away than a third of the written one, or than one edit if that is more; a single letter is near no other
     */
    public static @Nullable String to(String written, Collection<String> names) {
        String nearest = null;
        int fewest = Math.min(Math.max(1, written.length() / 3), written.length() - 1) + 1;
        for (String name : names) {
            if (Math.abs(written.length() - name.length()) >= fewest) {
                continue; // needs as many edits at least
            }
            int edits = edits(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (edits < fewest) {
                fewest = edits;
                nearest = name;
            }
        }
        return nearest;
    }

    /** The question that ends a message, as in {@code ; did you mean "price"?}; empty if no name is near. */
    public static String question(String written, Collection<String> names) {
        String nearest = to(written, names);
        return nearest == null ? "" : "; did you mean \"" + nearest + "\"?";
    }

    /** Letters to insert, delete, replace or swap with their neighbour: the optimal string alignment distance. */
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, from, i, to, j);
            }
        }
        return edits[from.length()][to.length()];
    }

    private static int cheapest(int[][] edits, String from, int i, String to, int j) {
        char last = from.charAt(i - 1);
        int replaced = edits[i - 1][j - 1] + (last == to.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && last == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, 1 + edits[i - 2][j - 2]) : best;
    }
}
