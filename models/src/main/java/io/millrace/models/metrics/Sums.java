package io.millrace.models.metrics;

import java.util.Arrays;

/**
 * What scores are computed from: plain sums over events, so those of several streams or stretches merge in any order,
 * and fade when multiplied. Their number depends on the number of classes alone. Never written to once made.
 *
 * @param classes number of classes; 0 when a value is predicted
 * @param values [{@link Place#length}], or [0] if nothing was scored
 */
public record Sums(int classes, double[] values) {
    /** Nothing was scored yet. */
    public static final Sums NONE = new Sums(0, new double[0]);

    /** Bins of the chosen class's probability, of equal width over [0, 1]. */
    public static final int CONFIDENCE_BINS = 15;

    /** Bins of the log-odds of class 1, of two; the outer two are open. */
    static final int ODDS_BINS = 512;

    /** Bins of the odds of each class of several: four an octave between 2^-16 and 2^16, the outer two are open. */
    static final int COARSE_BINS = 128;

    /** The most classes whose odds are binned: so many sums would be too many to send about. */
    static final int MOST_RANKED = 64;

    private static final double ODDS_BIN = 0.05; // nats
    private static final int QUARTER_OCTAVE = 21; // bits of a float below the first two of its fraction
    private static final int LEAST_ODDS = Float.floatToRawIntBits(0x1p-16f) >> QUARTER_OCTAVE;
    private static final int COLUMNS = 3; // of a bin of confidence: events, sum of confidence, right

    /** Where each sum lies. Those of classes and those of values share places. */
    static final class Place {
        static final int SCORED = 0;
        static final int LOG_LOSS = 1;
        static final int BRIER = 2;
        static final int CONFIDENCE = 3;

        static final int ABSOLUTE_ERROR = 1;
        static final int SQUARED_ERROR = 2;
        static final int PINBALL = 3;
        static final int LABELS = 4;
        static final int LABEL_SQUARES = 5;
        static final int NO_CHANGE_ABSOLUTE_ERROR = 6;
        static final int NO_CHANGE_SQUARED_ERROR = 7;
        static final int NO_CHANGE_PINBALL = 8;
        static final int MEAN_ABSOLUTE_ERROR = 9;
        static final int MEAN_SQUARED_ERROR = 10;
        static final int MEAN_PINBALL = 11;
        private static final int OF_VALUES = 12;

        final int odds; // [class 0, class 1], if there are two; of several, for each class, [others, class]
        final int bins; // of the odds; 0 if there are too many classes
        final int labelled; // by class, as the following
        final int chosen;
        final int right;
        final int noChangeChosen;
        final int noChangeRight;
        final int majorityChosen;
        final int majorityRight;
        final int naiveLogLoss; // of the classes' frequencies so far, as the next
        final int naiveBrier;
        final int length;

        Place(int classes) {
            this(classes, classes == 2 ? ODDS_BINS : classes > 2 && classes <= MOST_RANKED ? COARSE_BINS : 0);
        }

        private Place(int classes, int bins) {
            this.bins = bins;
            odds = CONFIDENCE + CONFIDENCE_BINS * COLUMNS;
            labelled = odds + 2 * bins * (classes == 2 ? 1 : classes);
            chosen = labelled + classes;
            right = chosen + classes;
            noChangeChosen = right + classes;
            noChangeRight = noChangeChosen + classes;
            majorityChosen = noChangeRight + classes;
            majorityRight = majorityChosen + classes;
            naiveLogLoss = majorityRight + classes;
            naiveBrier = naiveLogLoss + 1;
            length = classes == 0 ? OF_VALUES : naiveBrier + 1;
        }

        /** Sums without bins of odds, and so without a ranking. */
        static Place unranked(int classes) {
            return new Place(classes, 0);
        }

        /** Where those of certain sums lie. */
        static Place of(Sums sums) {
            Place unranked = unranked(sums.classes);
            return sums.values.length == unranked.length ? unranked : new Place(sums.classes);
        }

        /** The bin of a chosen class's probability: three neighbouring sums. */
        static int confidence(double probability) {
            return CONFIDENCE + COLUMNS * Math.min(CONFIDENCE_BINS - 1, (int) (probability * CONFIDENCE_BINS));
        }

        /** The bin of the log-odds of class 1, for labels of a class. */
        int odds(int label, double logOdds) {
            int bin = (int) Math.floor(logOdds / ODDS_BIN) + ODDS_BINS / 2;
            return odds + label * ODDS_BINS + Math.max(0, Math.min(ODDS_BINS - 1, bin));
        }

        /** The bin of one of several classes' probability, for events whose label it is or is not. */
        int odds(int ofClass, boolean isLabel, float probability) {
            float ratio = probability / Math.max(Float.MIN_NORMAL, 1 - probability);
            int bin = (Float.floatToRawIntBits(ratio) >> QUARTER_OCTAVE) - LEAST_ODDS;
            int side = 2 * ofClass + (isLabel ? 1 : 0);
            return odds + side * COARSE_BINS + Math.max(0, Math.min(COARSE_BINS - 1, bin));
        }
    }

    /** How many predictions were compared with their label; a fraction if they have faded. */
    public double scored() {
        return at(Place.SCORED);
    }

    /**
     * The same for who saved it before naive probabilities were those of the labels so far: up to then they are those of
     * the labels' frequencies.
     */
    public Sums restored() {
        Place place = new Place(classes);
        if (classes == 0 || values.length != place.naiveLogLoss) {
            return this;
        }
        Agreement labels = new Agreement(this, place.labelled, place.chosen, place.right);
        double[] longer = Arrays.copyOf(values, place.length);
        longer[place.naiveLogLoss] = scored() * labels.entropy();
        longer[place.naiveBrier] = scored() * labels.impurity() / 2;
        return new Sums(classes, longer);
    }

    /** Both together; the other's alone if they are of another number of classes, as after a job was changed. */
    public Sums plus(Sums other) {
        if (values.length == 0 || (other.values.length > 0 && other.classes != classes)) {
            return other;
        }
        double[] sum = values.clone();
        for (int i = 0; i < other.values.length; i++) {
            sum[i] += other.values[i];
        }
        return new Sums(classes, sum);
    }

    /** The same without bins of odds, of which there are many more than of all else; no ranking can be read off. */
    public Sums unranked() {
        Place whole = Place.of(this);
        if (values.length == 0 || whole.bins == 0) {
            return this;
        }
        double[] rest = new double[Place.unranked(classes).length];
        System.arraycopy(values, 0, rest, 0, whole.odds);
        System.arraycopy(values, whole.labelled, rest, whole.odds, rest.length - whole.odds);
        return new Sums(classes, rest);
    }

    /** Every event counted so many times. */
    public Sums times(double factor) {
        double[] product = values.clone();
        for (int i = 0; i < product.length; i++) {
            product[i] *= factor;
        }
        return new Sums(classes, product);
    }

    /**
     * How often the chosen class was right, by its probability.
     *
     * @param events in the bin
     * @param confidence mean probability of the chosen class
     * @param accuracy share of them that were right
     */
    public record Confidence(double events, double confidence, double accuracy) {}

    /** A bin of confidence, in [0, {@value #CONFIDENCE_BINS}); NaN where there are no events. */
    public Confidence confidence(int bin) {
        int at = Place.CONFIDENCE + bin * COLUMNS;
        return new Confidence(at(at), at(at + 1) / at(at), at(at + 2) / at(at));
    }

    double at(int place) {
        return values.length == 0 ? 0 : values[place];
    }
}
