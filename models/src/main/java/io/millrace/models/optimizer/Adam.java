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
        String m = tensors.let("torch.add(" + tensors.slot(0) + " * " + beta1 + ", g, alpha=" + (1 - beta1) + ")");
        String v =
                tensors.let("torch.addcmul(" + tensors.slot(1) + " * " + beta2 + ", g, g, value=" + (1 - beta2) + ")");
        String mean = tensors.let(m + ".add_(" + Step.DENORMAL_MEAN + ").sub_(" + Step.DENORMAL_MEAN + ")");
        String square = tensors.let(v + ".add_(" + Step.DENORMAL_SQUARE + ").sub_(" + Step.DENORMAL_SQUARE + ")");
        tensors.slot(0, mean);
        tensors.slot(1, square);
        String rate = tensors.let("(" + learningRate + " / (1. - " + beta1 + " ** update)).float()");
        String scale = tensors.let("torch.rsqrt(1. - " + beta2 + " ** update).float()");
        String root = tensors.let("torch.sqrt(" + square + ").mul_(" + scale + ").add_(" + epsilon + ")");
        tensors.parameters(tensors.let("torch.addcdiv(p, " + mean + " * " + rate + ", " + root + ", value=-1.)"));
    }

    private static final class Step implements Descent {
        private static final int STRETCH = 256;
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
        private final float[] p = new float[STRETCH];
        private final float[] g = new float[STRETCH];
        private final float[] m = new float[STRETCH];
        private final float[] v = new float[STRETCH];
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

        /** Works on copies: the compiler vectorizes loops over different arrays, not over stretches of one. */
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int done = 0; done < count; done += STRETCH) {
                int length = Math.min(STRETCH, count - done);
                System.arraycopy(gradient, from + done, g, 0, length);
                stretch(row, at + done, length, scale);
            }
        }

        private void stretch(float[] row, int at, int length, float scale) {
            System.arraycopy(row, at, p, 0, length);
            System.arraycopy(row, means + at, m, 0, length);
            System.arraycopy(row, squares + at, v, 0, length);
            move(length, scale);
            System.arraycopy(p, 0, row, at, length);
            System.arraycopy(m, 0, row, means + at, length);
            System.arraycopy(v, 0, row, squares + at, length);
        }

        private void move(int length, float scale) {
            for (int i = 0; i < length; i++) {
                float slope = scale * g[i];
                float mean = beta1 * m[i] + fresh1 * slope;
                float square = beta2 * v[i] + fresh2 * slope * slope;
                mean = (mean + DENORMAL_MEAN) - DENORMAL_MEAN;
                square = (square + DENORMAL_SQUARE) - DENORMAL_SQUARE;
                m[i] = mean;
                v[i] = square;
                p[i] -= mean * rate / ((float) Math.sqrt(square) * rootScale + epsilon);
            }
        }
    }
}
