package io.millrace.jobs.demo;

import java.util.HashMap;
import java.util.Map;

/** A yardstick for the stream: one logistic regression per card on its standardized figures, plain SGD, zero start. */
final class PerCardLogisticRegression {
    private final Map<String, Model> models = new HashMap<>();
    private final double learningRate;

    PerCardLogisticRegression(double learningRate) {
        this.learningRate = learningRate;
    }

    /** Whether fraud was predicted, before the payment was learnt. */
    boolean predictThenLearn(CardPayment payment) {
        double[] figures = {
            payment.hour(),
            payment.amount(),
            payment.distance(),
            payment.attempts(),
            payment.merchantRisk(),
            payment.deviceAge(),
            payment.checkout(),
            payment.limitUsed(),
            payment.online() ? 1 : 0
        };
        return models.computeIfAbsent(payment.card(), card -> new Model(figures.length))
                .predictThenLearn(figures, payment.fraud(), learningRate);
    }

    private static final class Model {
        private final double[] mean;
        private final double[] squares;
        private final double[] weights;
        private double bias;
        private long seen;

        Model(int figures) {
            mean = new double[figures];
            squares = new double[figures];
            weights = new double[figures];
        }

        boolean predictThenLearn(double[] figures, boolean fraud, double learningRate) {
            seen++;
            double[] standardized = new double[figures.length];
            double logit = bias;
            for (int figure = 0; figure < figures.length; figure++) {
                double before = figures[figure] - mean[figure];
                mean[figure] += before / seen;
                squares[figure] += before * (figures[figure] - mean[figure]);
                double deviation = Math.sqrt(squares[figure] / seen);
                standardized[figure] = deviation > 0 ? (figures[figure] - mean[figure]) / deviation : 0;
                logit += weights[figure] * standardized[figure];
            }
            double error = 1 / (1 + Math.exp(-logit)) - (fraud ? 1 : 0);
            for (int figure = 0; figure < figures.length; figure++) {
                weights[figure] -= learningRate * error * standardized[figure];
            }
            bias -= learningRate * error;
            return logit > 0;
        }
    }
}
