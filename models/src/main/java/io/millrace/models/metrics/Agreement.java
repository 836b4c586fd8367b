package io.millrace.models.metrics;

/**
 * How a predictor's choices agree with the labels, from how often each class was the label, was chosen, and was both:
 * linear in the classes, where a confusion matrix would be quadratic.
 */
final class Agreement {
    private final Sums sums;
    private final int labelled;
    private final int chosen;
    private final int right;

    /**
     * @param labelled where the counts of labels by class begin
     * @param chosen the same for choices
     * @param right the same for right choices
     */
    Agreement(Sums sums, int labelled, int chosen, int right) {
        this.sums = sums;
        this.labelled = labelled;
        this.chosen = chosen;
        this.right = right;
    }

    double accuracy() {
        double sum = 0;
        for (int c = 0; c < sums.classes(); c++) {
            sum += sums.at(right + c);
        }
        return sum / sums.scored();
    }

    double balancedAccuracy() {
        double recall = 0;
        for (int c = 0; c < sums.classes(); c++) {
            if (sums.at(labelled + c) > 0) {
                recall += sums.at(right + c) / sums.at(labelled + c);
            }
        }
        return recall / occurring();
    }

    double macroF1() {
        double sum = 0;
        int met = 0;
        for (int c = 0; c < sums.classes(); c++) {
            double both = sums.at(labelled + c) + sums.at(chosen + c);
            if (both > 0) {
                sum += 2 * sums.at(right + c) / both;
                met++;
            }
        }
        return sum / met;
    }

    double kappa() {
        double chance = 0;
        for (int c = 0; c < sums.classes(); c++) {
            chance += sums.at(labelled + c) / sums.scored() * (sums.at(chosen + c) / sums.scored());
        }
        return (accuracy() - chance) / (1 - chance);
    }

    /** Number of classes that were a label. */
    double occurring() {
        double classes = 0;
        for (int c = 0; c < sums.classes(); c++) {
            classes += sums.at(labelled + c) > 0 ? 1 : 0;
        }
        return classes;
    }

    /** Entropy of the labels, nats: the log-loss of their frequencies. */
    double entropy() {
        double entropy = 0;
        for (int c = 0; c < sums.classes(); c++) {
            double share = sums.at(labelled + c) / sums.scored();
            entropy -= share > 0 ? share * Math.log(share) : 0;
        }
        return entropy;
    }

    /** Probability that two labels differ: twice the Brier score of their frequencies. */
    double impurity() {
        double same = 0;
        for (int c = 0; c < sums.classes(); c++) {
            double share = sums.at(labelled + c) / sums.scored();
            same += share * share;
        }
        return 1 - same;
    }
}
