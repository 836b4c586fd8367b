package io.millrace.models.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a tally says, beside what naive predictors would have scored on the very same events. Figures that do not
 * apply (classes or values) or are undefined (no events, one class only) are null and left out of JSON.
 *
 * @param events predictions whose label is known
 * @param accuracy share of right classes
 * @param logLoss mean -ln(probability of the label's class), nats; of a soft label the expectation
 * @param kappa agreement beyond chance: 0 for guessing by frequencies, 1 for perfect (Cohen, 1960)
 * @param kappaTemporal improvement over the no-change baseline: 0 if no better, 1 for perfect (Zliobaite et al., 2015)
 * @param mae mean absolute error, in the label's unit
 * @param rmse root mean squared error, in the label's unit
 * @param r2 share of the label's variance that is explained
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scores(
        long events,
        @Nullable Double accuracy,
        @Nullable Double logLoss,
        @Nullable Double kappa,
        @Nullable Double kappaTemporal,
        @Nullable Double mae,
        @Nullable Double rmse,
        @Nullable Double r2,
        Baselines baselines) {

    /**
     * Naive predictors.
     *
     * @param noChange repeats the key's last label
     * @param majorityClass always says the class that was the most frequent, known in hindsight
     * @param mean always says the mean of the labels, known in hindsight
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Baselines(
            Baseline noChange,
            @Nullable Baseline majorityClass,
            @Nullable Baseline mean) {}

    /** A naive predictor's own scores. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Baseline(
            @Nullable Double accuracy,
            @Nullable Double mae,
            @Nullable Double rmse) {
        static Baseline accuracy(@Nullable Double accuracy) {
            return new Baseline(accuracy, null, null);
        }
    }

    /** Reads the scores off a tally. */
    public static Scores of(Tally tally) {
        return tally.confusion().length > 0 ? ofClasses(tally) : ofValues(tally);
    }

    private static Scores ofClasses(Tally tally) {
        int classes = (int) Math.sqrt(tally.confusion().length);
        double events = tally.scored();
        double right = 0;
        double mostFrequent = 0;
        double chance = 0;
        for (int c = 0; c < classes; c++) {
            double labelled = 0;
            double chosen = 0;
            for (int other = 0; other < classes; other++) {
                labelled += tally.confusion()[c * classes + other];
                chosen += tally.confusion()[other * classes + c];
            }
            right += tally.confusion()[c * classes + c];
            mostFrequent = Math.max(mostFrequent, labelled);
            chance += labelled / events * (chosen / events);
        }
        double accuracy = right / events;
        double noChange = tally.noChangeRight() / events;
        return new Scores(
                tally.scored(),
                known(accuracy),
                known(tally.logLoss() / events),
                known((accuracy - chance) / (1 - chance)),
                known((accuracy - noChange) / (1 - noChange)),
                null,
                null,
                null,
                new Baselines(
                        Baseline.accuracy(known(noChange)), Baseline.accuracy(known(mostFrequent / events)), null));
    }

    private static Scores ofValues(Tally tally) {
        double events = tally.scored();
        double mean = tally.labels() / events;
        double variance = tally.labelSquares() / events - mean * mean;
        double squared = tally.squaredError() / events;
        return new Scores(
                tally.scored(),
                null,
                null,
                null,
                null,
                known(tally.absoluteError() / events),
                known(Math.sqrt(squared)),
                known(1 - squared / variance),
                new Baselines(
                        new Baseline(
                                null,
                                known(tally.noChangeAbsoluteError() / events),
                                known(Math.sqrt(tally.noChangeSquaredError() / events))),
                        null,
                        new Baseline(null, null, known(Math.sqrt(variance)))));
    }

    private static @Nullable Double known(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
