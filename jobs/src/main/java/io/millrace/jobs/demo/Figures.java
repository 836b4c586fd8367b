package io.millrace.jobs.demo;

/**
 * Where a running job stands. Scores are over the last window of events, NaN while there are none.
 *
 * @param events how many were predicted
 * @param planned how many there will be, positive
 * @param eventsPerSecond the present speed
 * @param accuracy share predicted rightly before they were learnt, in [0, 1]
 * @param logLoss mean negative logarithm of the probability given to the truth, nats
 * @param kappaTemporal accuracy relative to {@code noChange}: 1 is perfect, 0 no better
 * @param noChange accuracy of always predicting the last label
 * @param majority accuracy of always predicting the commonest label
 * @param p50Millis median time from event to prediction, milliseconds
 * @param p99Millis the same for the slowest hundredth
 * @param models how many there are
 * @param deadLetters how many records could not be used
 */
public record Figures(
        long events,
        long planned,
        double eventsPerSecond,
        double accuracy,
        double logLoss,
        double kappaTemporal,
        double noChange,
        double majority,
        double p50Millis,
        double p99Millis,
        long models,
        long deadLetters) {

    public Figures {
        if (planned < 1) {
            throw new IllegalArgumentException("planned=" + planned + " must be >= 1");
        }
    }

    /** How much of the plan is done, in [0, 1]. */
    double done() {
        return Math.min(1, (double) events / planned);
    }

    /** The accuracy to beat. */
    double baseline() {
        return Math.max(noChange, majority);
    }
}
