package io.millrace.models.layer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.program.Script.Fold;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Term;

/**
 * Scales each column to [0, 1] by the smallest and largest number learnt so far, the current one included.
 *
 * <p>A missing number (NaN) becomes 0.5, the middle, and leaves the range of its column alone; so does a column that
 * never varied, where scikit-learn has 0. Columns that are embeddings pass unchanged. Behind other layers NaN means
 * overflow and stays NaN. One outlier stretches the range for good: standardize forgives more.
 */
@Term(value = "min-max", about = "Scales each column to [0, 1] by its running range; a missing number becomes 0.5.")
public record MinMax() implements Layer {
    @Override
    public Stage compile(Site site) {
        int columns = site.input().numeric();
        return new Compiled(
                site.input(),
                site.buffer("seen", columns),
                site.buffer("least", columns),
                site.buffer("most", columns));
    }

    /** @param seen 1 once a column has had a number, 0 before */
    private record Compiled(Shape input, Range seen, Range least, Range most) implements Stage {
        @Override
        public Shape output() {
            return new Shape(input.width(), input.numeric(), false);
        }

        @Override
        public boolean acceptsMissing() {
            return input.missing();
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(input, layout.at(seen), layout.at(least), layout.at(most));
        }

        @Override
        public String script(Script script, String in) {
            String live = script.let(in + "[:, 0:" + input.numeric() + "]");
            String x = script.let(live + ".detach()");
            String known = script.let("~torch.isnan(" + x + ")");
            String begun = script.let(script.range(seen) + " > 0.");
            String oldLeast = script.let("torch.where(" + begun + ", " + script.range(least) + ", " + x + ")");
            String oldMost = script.let("torch.where(" + begun + ", " + script.range(most) + ", " + x + ")");
            String low = script.let("torch.minimum(" + oldLeast + ", " + x + ")");
            String high = script.let("torch.maximum(" + oldMost + ", " + x + ")");
            script.store(seen, script.let("torch.where(" + known + ", 1., nan)"), Fold.MOST);
            script.store(least, low, Fold.LEAST);
            script.store(most, high, Fold.MOST);
            String range = script.let(high + " - " + low);
            String flat = script.let(input.missing() ? "~(" + range + " > 0.)" : range + " == 0.");
            String divisor = script.let("torch.where(" + flat + ", 1., " + range + ")");
            String share = script.let("(" + live + " - " + low + ") / " + divisor);
            String shown = script.let("torch.where(" + flat + ", 0.5, " + share + ")");
            String broken = script.let("torch.isinf(" + range + ") | torch.isinf(" + x + ")");
            String scaled = script.let("torch.where(" + broken + ", nan, " + shown + ")");
            String output = script.let(input.behind(scaled, in));
            script.derive(output, slope -> {
                String steep = slope + "[:, 0:" + input.numeric() + "] / " + divisor;
                script.slope(in, input.behind("torch.where(" + flat + ", 0., " + steep + ")", slope));
            });
            return output;
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int width;
        private final int columns;
        private final boolean missing;
        private final int seen;
        private final int least;
        private final int most;
        private final float[] low;
        private final float[] high;

        Arithmetic(Shape input, int seen, int least, int most) {
            width = input.width();
            columns = input.numeric();
            missing = input.missing();
            this.seen = seen;
            this.least = least;
            this.most = most;
            low = new float[columns];
            high = new float[columns];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            for (int i = 0; i < columns; i++) {
                float x = input[i];
                boolean begun = row[seen + i] > 0;
                low[i] = begun ? Math.min(row[least + i], x) : x;
                high[i] = begun ? Math.max(row[most + i], x) : x;
                output[i] = share(x, low[i], high[i]);
            }
            System.arraycopy(input, columns, output, columns, width - columns);
        }

        private float share(float x, float from, float to) {
            float range = to - from;
            if (Float.isInfinite(range) || Float.isInfinite(x)) {
                return Float.NaN; // the range is beyond a float
            }
            boolean flat = missing ? !(range > 0) : range == 0;
            return flat ? 0.5f : (x - from) / range;
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < columns; i++) {
                float range = high[i] - low[i];
                inputDelta[i] = range > 0 ? outputDelta[i] / range : 0;
            }
            System.arraycopy(outputDelta, columns, inputDelta, columns, width - columns);
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            for (int i = 0; i < columns; i++) {
                if (!Float.isNaN(input[i])) {
                    row[seen + i] = 1;
                    row[least + i] = low[i];
                    row[most + i] = high[i];
                }
            }
        }
    }
}
