package io.millrace.jobs.demo;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** One score over the whole stream, kept at a fixed resolution; NaN where nothing was seen. */
final class Curve {
    private static final int POINTS = 400;

    private final ToDoubleFunction<Figures> score;
    private final double[] points = new double[POINTS];

    Curve(ToDoubleFunction<Figures> score) {
        this.score = score;
        Arrays.fill(points, Double.NaN);
    }

    void add(Figures now) {
        points[Math.min(POINTS - 1, (int) (now.done() * POINTS))] = score.applyAsDouble(now);
    }

    /**
     * The score in equal parts of the stream: the mean of what was seen in each, else what was seen before.
     *
     * @return [columns], NaN before the first score and after the last
     */
    double[] columns(int columns) {
        double[] means = new double[columns];
        int last = POINTS - 1;
        while (last >= 0 && Double.isNaN(points[last])) {
            last--;
        }
        double held = Double.NaN;
        for (int column = 0; column < columns; column++) {
            int from = column * POINTS / columns;
            int to = Math.max(from + 1, (column + 1) * POINTS / columns);
            held = Arrays.stream(points, from, to)
                    .filter(Double::isFinite)
                    .average()
                    .orElse(held);
            means[column] = from <= last ? held : Double.NaN;
        }
        return means;
    }
}
