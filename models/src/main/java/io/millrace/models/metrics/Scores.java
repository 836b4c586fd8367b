package io.millrace.models.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.models.metrics.Sums.Place;
import org.jspecify.annotations.Nullable;

/**
 * What sums say, beside what naive predictors would have scored on the very same events. Figures that do not apply
 * (classes or values) or are undefined (no events, one class only) are null and left out of JSON.
 *
 * @param events predictions whose label is known, rounded if they have faded
 * @param accuracy share of right classes
 * @param balancedAccuracy mean over the classes that occurred of the share of each that was found
 * @param macroF1 mean F1 of the classes that occurred or were chosen
 * @param kappa agreement beyond chance: 0 for guessing by frequencies, 1 for perfect (Cohen, 1960)
 * @param kappaTemporal improvement over the no-change baseline: 0 if no better, 1 for perfect (Zliobaite et al., 2015)
 * @param kappaM improvement over the majority class so far: 0 if no better, 1 for perfect (Bifet et al., 2015)
 * @param logLoss mean -ln(probability of the label's class), nats; of a soft label the expectation
 * @param brier mean of half the squared distance between probabilities and label, in [0, 1]; for two classes the squared
 *     error of one probability (Brier, 1950)
 * @param rocAuc probability that an event of class 1 scores above one of class 0; ties count half. Of 3 to 64 classes it is
 *     the plain mean of each class that occurred against the rest (macro one-vs-rest: Fawcett, 2006, section 9.2). Scores
 *     are compared in bins of .05 of log-odds between -12.8 and 12.8, or, of several classes, of a quarter octave of odds
 *     between 2^-16 and 2^16
 * @param rocAucError the most that the bins can have changed it by: half the share of pairs that share a bin
 * @param calibrationError mean distance between the chosen class's probability and its accuracy, in 15 bins of equal width
 *     (ECE: Guo et al., 2017)
 * @param mae mean absolute error, in the label's unit
 * @param rmse root mean squared error, in the label's unit
 * @param r2 share of the label's variance that is explained
 * @param pinball mean pinball loss, in the label's unit, at the quantile that the model's loss names, else at the median
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scores(
        long events,
        @Nullable Double accuracy,
        @Nullable Double balancedAccuracy,
        @Nullable Double macroF1,
        @Nullable Double kappa,
        @Nullable Double kappaTemporal,
        @Nullable Double kappaM,
        @Nullable Double logLoss,
        @Nullable Double brier,
        @Nullable Double rocAuc,
        @Nullable Double rocAucError,
        @Nullable Double calibrationError,
        @Nullable Double mae,
        @Nullable Double rmse,
        @Nullable Double r2,
        @Nullable Double pinball,
        Baselines baselines) {
    private static final double ROUNDING = 1e-12; // of sums of squares, by far

    /**
     * Naive predictors.
     *
     * @param noChange repeats the key's last label; a key's first label counts as wrong, a first value as predicted 0
     * @param majorityClass says the class that was the most frequent among the labels that the same learner had scored
     *     when the event was predicted; the first event counts as wrong. Its log-loss and Brier score are those of the
     *     classes' frequencies among the labels that had been scored before this one, each class counted once more (Laplace)
     * @param mean says the mean of the labels so far, in the same way; 0 for the first
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
            @Nullable Double balancedAccuracy,
            @Nullable Double macroF1,
            @Nullable Double kappa,
            @Nullable Double logLoss,
            @Nullable Double brier,
            @Nullable Double mae,
            @Nullable Double rmse,
            @Nullable Double pinball) {}

    /** Reads the scores off a tally. */
    public static Scores of(Tally tally) {
        return of(tally.sums());
    }

    /** Reads the scores off sums. */
    public static Scores of(Sums sums) {
        return sums.classes() > 0 ? ofClasses(sums) : ofValues(sums);
    }

    private static Scores ofClasses(Sums sums) {
        Place place = Place.of(sums);
        Agreement learner = new Agreement(sums, place.labelled, place.chosen, place.right);
        Agreement noChange = new Agreement(sums, place.labelled, place.noChangeChosen, place.noChangeRight);
        double events = sums.scored();
        double accuracy = learner.accuracy();
        Agreement majority = new Agreement(sums, place.labelled, place.majorityChosen, place.majorityRight);
        Ranking ranking = new Ranking(sums, place);
        return new Scores(
                Math.round(events),
                known(accuracy),
                known(learner.balancedAccuracy()),
                known(learner.macroF1()),
                known(learner.kappa()),
                known((accuracy - noChange.accuracy()) / (1 - noChange.accuracy())),
                known((accuracy - majority.accuracy()) / (1 - majority.accuracy())),
                known(sums.at(Place.LOG_LOSS) / events),
                known(sums.at(Place.BRIER) / events),
                known(ranking.area()),
                known(ranking.error()),
                known(calibrationError(sums)),
                null,
                null,
                null,
                null,
                new Baselines(
                        ofChoices(noChange, Double.NaN, Double.NaN),
                        ofChoices(majority, sums.at(place.naiveLogLoss) / events, sums.at(place.naiveBrier) / events),
                        null));
    }

    private static Baseline ofChoices(Agreement choices, double logLoss, double brier) {
        return new Baseline(
                known(choices.accuracy()),
                known(choices.balancedAccuracy()),
                known(choices.macroF1()),
                known(choices.kappa()),
                known(logLoss),
                known(brier),
                null,
                null,
                null);
    }

    private static double calibrationError(Sums sums) {
        double error = 0;
        for (int bin = 0; bin < Sums.CONFIDENCE_BINS; bin++) {
            Sums.Confidence confidence = sums.confidence(bin);
            if (confidence.events() > 0) {
                error += confidence.events() * Math.abs(confidence.confidence() - confidence.accuracy());
            }
        }
        return error / sums.scored();
    }

    private static Scores ofValues(Sums sums) {
        double events = sums.scored();
        double mean = sums.at(Place.LABELS) / events;
        double square = sums.at(Place.LABEL_SQUARES) / events;
        double variance = square - mean * mean;
        boolean varied = variance > ROUNDING * square; // else it is what rounding has left of nothing
        double squared = sums.at(Place.SQUARED_ERROR) / events;
        return new Scores(
                Math.round(events),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                known(sums.at(Place.ABSOLUTE_ERROR) / events),
                known(Math.sqrt(squared)),
                known(varied ? 1 - squared / variance : Double.NaN),
                known(sums.at(Place.PINBALL) / events),
                new Baselines(
                        ofValues(
                                sums.at(Place.NO_CHANGE_ABSOLUTE_ERROR) / events,
                                Math.sqrt(sums.at(Place.NO_CHANGE_SQUARED_ERROR) / events),
                                sums.at(Place.NO_CHANGE_PINBALL) / events),
                        null,
                        ofValues(
                                sums.at(Place.MEAN_ABSOLUTE_ERROR) / events,
                                Math.sqrt(sums.at(Place.MEAN_SQUARED_ERROR) / events),
                                sums.at(Place.MEAN_PINBALL) / events)));
    }

    private static Baseline ofValues(double mae, double rmse, double pinball) {
        return new Baseline(null, null, null, null, null, null, known(mae), known(rmse), known(pinball));
    }

    private static @Nullable Double known(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
