package io.millrace.models.lanes;

/**
 * Adam's memory and constants.
 *
 * @param means distance from a parameter to its running mean of gradients
 * @param squares distance from a parameter to its running mean of squared gradients
 * @param keepMean share of the mean that stays, beta1
 * @param takeMean share of the mean that is new, 1 - beta1; the difference of floats would be off by 1e-5 of itself
 * @param keepSquare share of the squares that stays, beta2
 * @param takeSquare share of the squares that is new, 1 - beta2
 * @param epsilon added to the root
 */
public record Moments(
        int means, int squares, float keepMean, float takeMean, float keepSquare, float takeSquare, float epsilon) {

    /** Those of Adam's settings, by their usual names. */
    public static Moments of(int means, int squares, double beta1, double beta2, double epsilon) {
        return new Moments(means, squares, (float) beta1, fresh(beta1), (float) beta2, fresh(beta2), (float) epsilon);
    }

    private static float fresh(double kept) {
        return (float) (1 - kept);
    }
}
