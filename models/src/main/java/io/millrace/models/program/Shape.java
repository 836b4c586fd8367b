package io.millrace.models.program;

/**
 * What flows between two stages.
 *
 * @param width number of columns
 * @param numeric how many leading columns hold numbers that a normalizer may treat; the rest are embeddings
 * @param missing true if NaN in a numeric column means a missing number, as in features; elsewhere NaN means that
 *     something overflowed, and must reach the scores
 */
public record Shape(int width, int numeric, boolean missing) {
    /** Columns that are all numbers, none of them missing. */
    public static Shape of(int width) {
        return new Shape(width, width, false);
    }

    /** Features, in which numbers may be missing. */
    public static Shape features(int width, int numeric) {
        return new Shape(width, numeric, true);
    }

    /**
     * What is no number in a tensor, behind others in the place of the numbers, in TorchScript.
     *
     * @param numbers an expression
     */
    public String behind(String numbers, String tensor) {
        return numeric == width
                ? numbers
                : "torch.cat([" + numbers + ", " + tensor + "[:, " + numeric + ":" + width + "]], 1)";
    }
}
