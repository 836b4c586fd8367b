package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Adam, with a step count of its own for every key.
 *
 * <p>As PyTorch has it: epsilon is added to the bias-corrected root, where the paper's last form adds it before.
 *
 * @see "D. P. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1"
 */
@Term(value = "adam", about = "Steps scaled by running moments of the gradient.")
public record Adam(
        @Setting(value = "Step size.", byDefault = "0.003", above = 0)
        double learningRate,

        @Setting(value = "Decay of the gradient's running mean.", byDefault = "0.9", atLeast = 0, below = 1)
        double beta1,

        @Setting(value = "Decay of the squared gradient's running mean.", byDefault = "0.999", atLeast = 0, below = 1)
        double beta2,

        @Setting(value = "Added to the root of the squared gradient.", byDefault = "1e-8", above = 0)
        double epsilon)
        implements Optimizer {
    public Adam {
        Settings.check(Adam.class, learningRate, beta1, beta2, epsilon);
    }

    /** The paper's other settings. */
    public Adam(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8);
    }

    @Override
    public List<String> slots() {
        return List.of("mean", "square");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(this, layout.slot(0), layout.slot(1));
    }

    @Override
    public void script(Tensors tensors) {
        String m = tensors.let(tensors.slot(0) + " * " + beta1 + " + g * " + (1 - beta1));
        String v = tensors.let(tensors.slot(1) + " * " + beta2 + " + g * g * " + (1 - beta2));
        String mean = tensors.let("(" + m + " + " + Step.DENORMAL_MEAN + ") - " + Step.DENORMAL_MEAN);
        String square = tensors.let("(" + v + " + " + Step.DENORMAL_SQUARE + ") - " + Step.DENORMAL_SQUARE);
        tensors.slot(0, mean);
        tensors.slot(1, square);
        String rate = tensors.let("(" + learningRate + " / (1. - " + beta1 + " ** update)).float()");
        String scale = tensors.let("torch.rsqrt(1. - " + beta2 + " ** update).float()");
        String root = tensors.let("torch.sqrt(" + square + ") * " + scale + " + " + epsilon);
        tensors.parameters(tensors.let("p - " + mean + " * " + rate + " / " + root));
    }

    private static final class Step implements Descent {
        private static final float DENORMAL_MEAN = 1e-25f; // added and taken off again, it flushes what is smaller
        private static final float DENORMAL_SQUARE = 1e-30f;

        private final Adam adam;
        private final float beta1;
        private final float beta2;
        private final float fresh1; // 1 - beta1; the difference of floats would be off by 1e-5 of itself
        private final float fresh2;
        private final float epsilon;
        private final int means;
        private final int squares;
        private float rate; // learning rate / (1 - beta1^update)
        private float rootScale; // 1 / sqrt(1 - beta2^update)

        Step(Adam adam, int means, int squares) {
            this.adam = adam;
            beta1 = (float) adam.beta1;
            beta2 = (float) adam.beta2;
            fresh1 = (float) (1 - adam.beta1);
            fresh2 = (float) (1 - adam.beta2);
            epsilon = (float) adam.epsilon;
            this.means = means;
            this.squares = squares;
        }

        @Override
        public void begin(long update) {
            rate = (float) (adam.learningRate / (1 - Math.pow(adam.beta1, (double) update)));
            rootScale = (float) (1 / Math.sqrt(1 - Math.pow(adam.beta2, (double) update)));
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            int mean = means + at;
            int square = squares + at;
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float m = beta1 * row[mean + i] + fresh1 * g;
                float v = beta2 * row[square + i] + fresh2 * g * g;
                m = (m + DENORMAL_MEAN) - DENORMAL_MEAN;
                v = (v + DENORMAL_SQUARE) - DENORMAL_SQUARE;
                row[mean + i] = m;
                row[square + i] = v;
                row[at + i] -= m * rate / ((float) Math.sqrt(v) * rootScale + epsilon);
            }
        }
    }
}
