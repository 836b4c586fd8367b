package io.millrace.jobs.demo;

import java.util.random.RandomGenerator;

/**
 * A figure that is normally distributed about a card's own mean.
 *
 * @param mean what is usual for the card
 * @param spread its standard deviation, positive
 */
record Habit(double mean, double spread) {

    /** A habit whose mean and spread both vary evenly from card to card. */
    static Habit between(
            double leastMean, double mostMean, double leastSpread, double mostSpread, RandomGenerator random) {
        return new Habit(random.nextDouble(leastMean, mostMean), random.nextDouble(leastSpread, mostSpread));
    }

    /**
     * One draw.
     *
     * @param shift how many standard deviations the draw is displaced from the habit
     */
    double draw(double shift, RandomGenerator random) {
        return mean + spread * (shift + random.nextGaussian());
    }
}
