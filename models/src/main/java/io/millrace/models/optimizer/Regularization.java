package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a gradient before any optimizer sees it: first the whole is scaled down to {@code clipNorm}, then each
 * component cut to {@code clipValue}, then {@code l2} times the parameter added. After the step, the incoming weights of
 * each unit of a dense layer are scaled down to the Euclidean norm {@code maxNorm}.
 *
 * <p>The order is that of PyTorch, whose optimizers add their {@code weight_decay} to a gradient clipped before. All
 * parameters are treated alike, biases too; of an embedding only the vector that was looked up decays. The paper bounds the
 * weights of hidden units; here the output layer's are bounded, too, so that a model without hidden units is. Layers
 * that learn directions have nothing to bound, nor have biases.
 *
 * @see "R. Pascanu, T. Mikolov, Y. Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013, algorithm 1"
 * @see "N. Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014, section 5.1"
 */
@Term(value = "regularization", about = "Bounds on the gradient, and decay of the parameters.")
public record Regularization(
        @Setting(
                value = "Largest Euclidean norm of the gradient; a longer one is scaled down to it.",
                optional = true,
                above = 0)
        @Nullable
        Double clipNorm,

        @Setting(
                value = "Largest size of each component of the gradient; a larger one is cut to it.",
                optional = true,
                above = 0)
        @Nullable
        Double clipValue,

        @Setting(value = "Weight of half the squares of the parameters in the loss.", byDefault = "0.0", atLeast = 0)
        double l2,

        @Setting(
                value = "Largest Euclidean norm of a unit's incoming weights; longer ones are scaled down to it.",
                optional = true,
                above = 0)
        @Nullable
        Double maxNorm)
        implements Serializable {
    /** Leaves every gradient as it is. */
    public static final Regularization NONE = new Regularization(null, null, 0, null);

    public Regularization {
        Settings.check(Regularization.class, clipNorm, clipValue, l2, maxNorm);
    }

    /** An optimizer's step with regularized gradients. */
    public Descent descent(Optimizer optimizer, Layout layout) {
        Descent descent = optimizer.descent(layout);
        if (clipNorm != null || clipValue != null || l2 > 0) {
            descent = new Step(this, descent, layout.parameters());
        }
        return maxNorm == null ? descent : new MaxNorm(maxNorm, descent, layout);
    }

    /**
     * The regularized gradient as TorchScript.
     *
     * @return an expression of the gradient {@code g} and the parameters {@code p} [rows, parameters], and the gradient's
     *     {@code norm} [rows]
     */
    public String script() {
        String gradient = "g";
        if (clipNorm != null) {
            gradient += " * torch.unsqueeze(torch.clamp(" + clipNorm + " / norm, max=1.), 1)";
        }
        if (clipValue != null) {
            gradient = "torch.clamp(" + gradient + ", -" + clipValue + ", " + clipValue + ")";
        }
        return l2 == 0 ? gradient : gradient + " + p * " + l2;
    }

    /**
     * Statements that bound the incoming weights of rows, in place, as TorchScript.
     *
     * @param rows name of a tensor [rows, width]
     */
    public List<String> bound(String rows, Layout layout) {
        return maxNorm == null ? List.of() : MaxNorm.script(maxNorm, rows, layout);
    }

    private static final class Step implements Descent {
        private final Descent descent;
        private final double longest;
        private final float largest;
        private final float l2;
        private final float[] regularized;
        private float factor; // of the gradients of this update

        Step(Regularization settings, Descent descent, int parameters) {
            this.descent = descent;
            longest = settings.clipNorm == null ? Double.POSITIVE_INFINITY : settings.clipNorm;
            largest = settings.clipValue == null ? Float.POSITIVE_INFINITY : settings.clipValue.floatValue();
            l2 = (float) settings.l2;
            regularized = new float[parameters];
        }

        @Override
        public void begin(float[] row, long update, double loss, double squaredGradient) {
            double norm = Math.sqrt(squaredGradient);
            factor = norm > longest ? (float) (longest / norm) : 1;
            descent.begin(row, update, loss, squaredGradient);
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                float slope = factor * scale * gradient[from + i];
                regularized[i] = Math.max(-largest, Math.min(largest, slope)) + l2 * row[at + i];
            }
            descent.step(row, at, count, regularized, 0, 1);
        }
    }
}
