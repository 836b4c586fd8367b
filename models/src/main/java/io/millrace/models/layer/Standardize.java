package io.millrace.models.layer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import org.jspecify.annotations.Nullable;

/**
 * Running z-score: {@code (x - mean) / deviation} of everything learnt so far and the current sample.
 *
 * <p>A missing number (NaN) becomes 0, the running mean, and leaves the statistics of its column alone. Columns
 * that are embeddings pass unchanged. Behind other layers NaN means overflow and stays NaN. The deviation is that of the population; a column that never varied gives 0.
 * Counts stop at 2^24, where one more sample would no longer change a float; with a half-life they stop where that
 * makes mean and variance decay as fast as asked.
 *
 * @see "B. P. Welford, Note on a Method for Calculating Corrected Sums of Squares and Products, 1962"
 * @see "T. Finch, Incremental Calculation of Weighted Mean and Variance, 2009, section 9"
 */
@Term(value = "standardize", about = "Running z-score per column; a missing number becomes the running mean.")
public record Standardize(
        @Setting(
                value = "Samples after which a sample weighs half; without one, nothing is ever forgotten.",
                optional = true,
                atLeast = 1)
        @Nullable
        Double halfLife)
        implements Layer {
    public Standardize {
        Settings.check(Standardize.class, halfLife);
    }

    /** Never forgets. */
    public Standardize() {
        this(null);
    }

    @Override
    public Stage compile(Site site) {
        int columns = site.input().numeric();
        return new Compiled(
                site.input(),
                halfLife == null ? Memory.LONGEST : Memory.samples(halfLife),
                site.buffer("count", columns),
                site.buffer("mean", columns),
                site.buffer("variance", columns));
    }

    private record Compiled(Shape input, float most, Range count, Range mean, Range variance) implements Stage {
        @Override
        public Shape output() {
            return new Shape(input.width(), input.numeric(), false);
        }

        @Override
        public boolean acceptsMissing() {
            return input.missing();
        }

        @Override
        public boolean learns() {
            return false;
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(input, most, layout.at(count), layout.at(mean), layout.at(variance));
        }

        @Override
        public String script(Script script, String in) {
            String live = script.let(in + "[:, 0:" + input.numeric() + "]");
            String x = script.let(live + ".detach()");
            String known = script.let(input.missing() ? "~torch.isnan(" + x + ")" : "torch.ones_like(" + x + ") > 0.");
            String oldCount = script.range(count);
            String oldMean = script.range(mean);
            String oldVariance = script.range(variance);
            String n = script.let("torch.clamp(" + oldCount + " + 1., max=" + most + ")");
            String before = script.let(x + " - " + oldMean);
            String m = script.let(oldMean + " + " + before + " / " + n);
            String product = script.let(before + " * (" + x + " - " + m + ")");
            String v = script.let(oldVariance + " + (" + product + " - " + oldVariance + ") / " + n);
            script.store(count, script.let("torch.where(" + known + ", " + n + ", " + oldCount + ")"));
            script.store(mean, script.let("torch.where(" + known + ", " + m + ", " + oldMean + ")"));
            script.store(variance, script.let("torch.where(" + known + ", " + v + ", " + oldVariance + ")"));
            String varied = script.let(v + " > 0."); // false where v is NaN, as it is where x is missing
            String deviation = script.let("torch.sqrt(torch.where(" + varied + ", " + v + ", 1.))");
            String score = script.let("(" + live + " - " + m + ") / " + deviation);
            String shown = script.let("torch.where(" + varied + ", " + score + ", 0.)");
            String broken = script.let(known + " & ~torch.isfinite(" + v + " + " + x + " * " + x + ")");
            String z = script.let("torch.where(" + broken + ", nan, " + shown + ")");
            String output = script.let(input.behind(z, in));
            script.derive(output, slope -> {
                String steep = slope + "[:, 0:" + input.numeric() + "] / " + deviation;
                script.slope(in, input.behind("torch.where(" + varied + ", " + steep + ", 0.)", slope));
            });
            return output;
        }
    }

    private static final class Arithmetic implements Kernel {
        private final int width;
        private final int columns;
        private final boolean missing;
        private final float most;
        private final int count;
        private final int mean;
        private final int variance;
        private final float[] newCount;
        private final float[] newMean;
        private final float[] newVariance;

        Arithmetic(Shape input, float most, int count, int mean, int variance) {
            width = input.width();
            columns = input.numeric();
            missing = input.missing();
            this.most = most;
            this.count = count;
            this.mean = mean;
            this.variance = variance;
            newCount = new float[columns];
            newMean = new float[columns];
            newVariance = new float[columns];
        }

        @Override
        public void forward(float[] row, float[] input, float[] output) {
            for (int i = 0; i < columns; i++) {
                float x = input[i];
                float n = row[count + i];
                float m = row[mean + i];
                float v = row[variance + i];
                if (!(missing && Float.isNaN(x))) { // a missing number leaves the statistics alone
                    n = Math.min(n + 1, most);
                    float before = x - m;
                    m += before / n;
                    v += (before * (x - m) - v) / n;
                    output[i] = v > 0 ? (x - m) / (float) Math.sqrt(v) : 0;
                    if (!Float.isFinite(v + x * x)) {
                        output[i] = Float.NaN; // too large to square: as the mean it would spoil all that follow
                    }
                } else {
                    output[i] = 0;
                }
                newCount[i] = n;
                newMean[i] = m;
                newVariance[i] = v;
            }
            System.arraycopy(input, columns, output, columns, width - columns);
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0; i < columns; i++) {
                float v = newVariance[i];
                inputDelta[i] = v > 0 && !Float.isNaN(input[i]) ? outputDelta[i] / (float) Math.sqrt(v) : 0;
            }
            System.arraycopy(outputDelta, columns, inputDelta, columns, width - columns);
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            System.arraycopy(newCount, 0, row, count, columns);
            System.arraycopy(newMean, 0, row, mean, columns);
            System.arraycopy(newVariance, 0, row, variance, columns);
        }
    }
}
