package io.millrace.models.program;

/**
 * What flows between two stages.
 *
 * @param width number of columns
 * @param numeric how many leading columns hold numbers that a normalizer may treat; the rest are embeddings
 */
public record Shape(int width, int numeric) {
    /** Columns that are all numbers. */
    public static Shape of(int width) {
        return new Shape(width, width);
    }
}
