package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import java.util.Arrays;
import java.util.List;

/** Scales the incoming weights of every unit down to a Euclidean norm once an update has moved them. */
final class MaxNorm implements Descent {
    private final Descent descent;
    private final double largest;
    private final List<Weights> matrices;

    MaxNorm(double largest, Descent descent, Layout layout) {
        this.largest = largest;
        this.descent = descent;
        matrices = weights(layout).stream()
                .map(range -> new Weights(range, layout.at(range)))
                .toList();
    }

    /** The ranges of a row that hold incoming weights. */
    private static List<Range> weights(Layout layout) {
        return layout.ranges().stream().filter(range -> range.units() >= 0).toList();
    }

    /** Does the same in TorchScript, to rows that begin with their parameters, in place. */
    static List<String> script(double largest, String rows, Layout layout) {
        return weights(layout).stream()
                .map(range -> {
                    String columns = rows + "[:, " + range.offset() + ":" + (range.offset() + range.length()) + "]";
                    String matrix = columns + ".view([-1, " + range.shape().get(0) + ", "
                            + range.shape().get(1) + "])";
                    int incoming = 2 - range.units();
                    String norms = "torch.linalg_vector_norm(" + matrix + ", 2, [" + incoming + "], True)";
                    return "_ = " + matrix + ".mul_(torch.clamp(" + largest + " / " + norms + ", max=1.))";
                })
                .toList();
    }

    @Override
    public void begin(float[] row, long update, double loss, double squaredGradient) {
        descent.begin(row, update, loss, squaredGradient);
    }

    @Override
    public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
        descent.step(row, at, count, gradient, from, scale);
    }

    @Override
    public void end(float[] row) {
        for (int i = 0; i < matrices.size(); i++) {
            matrices.get(i).bound(row, largest);
        }
        descent.end(row);
    }

    /** One matrix; the weights of a unit are a row of it, or a column. */
    private static final class Weights {
        private final int at;
        private final int rows;
        private final int columns;
        private final boolean unitPerRow;
        private final double[] factors; // squares of each unit's weights, then what to multiply them by

        Weights(Range range, int at) {
            this.at = at;
            rows = range.shape().get(0);
            columns = range.shape().get(1);
            unitPerRow = range.units() == 0;
            factors = new double[range.shape().get(range.units())];
        }

        void bound(float[] row, double largest) {
            Arrays.fill(factors, 0);
            for (int i = 0, w = at; i < rows; i++) {
                for (int j = 0; j < columns; j++, w++) {
                    factors[unitPerRow ? i : j] += (double) row[w] * row[w];
                }
            }
            boolean within = true;
            for (int unit = 0; unit < factors.length; unit++) {
                within &= factors[unit] <= largest * largest;
                factors[unit] = Math.min(1, largest / Math.sqrt(factors[unit]));
            }
            if (!within) {
                scale(row);
            }
        }

        private void scale(float[] row) {
            for (int i = 0, w = at; i < rows; i++) {
                for (int j = 0; j < columns; j++, w++) {
                    row[w] *= (float) factors[unitPerRow ? i : j];
                }
            }
        }
    }
}
