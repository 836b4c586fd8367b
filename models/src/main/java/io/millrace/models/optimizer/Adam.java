package io.millrace.models.optimizer;

import io.millrace.models.lanes.Lanes;
import io.millrace.models.lanes.Moments;
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
        String m = tensors.slot(0);
        String v = tensors.slot(1);
        if (tensors.alone()) {
            fused(tensors, m, v);
        } else {
            Running.mean(tensors, m, beta1);
            Running.square(tensors, v, beta2);
            descend(tensors, m, v);
        }
        tensors.slot(0, m);
        tensors.slot(1, v);
        tensors.parameters("p");
    }

    /** One pass over everything; worth it for one row, as every row would be a pass of its own. */
    private void fused(Tensors tensors, String m, String v) {
        StringBuilder lists = new StringBuilder();
        for (String tensor : List.of("p", "g", m, v)) {
            lists.append(tensors.let("torch.unbind(" + tensor + ")")).append(", ");
        }
        lists.append("annotate(List[Tensor], []), ").append(tensors.let("torch.unbind(update.float())"));
        tensors.let("torch._fused_adam_(" + lists + ", lr=" + learningRate + ", beta1=" + beta1 + ", beta2=" + beta2
                + ", weight_decay=0., eps=" + epsilon + ", amsgrad=False, maximize=False)");
        tensors.let(Tiny.drop(m, Tiny.MEAN));
        tensors.let(Tiny.drop(v, Tiny.SQUARE));
    }

    /** Moves the parameters along a mean, divided by the root of a square; both have moved already. */
    void descend(Tensors tensors, String mean, String square) {
        String rate = tensors.let("(" + learningRate + " / (1. - " + beta1 + " ** update)).float()");
        String scale = tensors.let("torch.rsqrt(1. - " + beta2 + " ** update).float()");
        String root = tensors.let("torch.sqrt(" + square + ", out=g).mul_(" + scale + " / " + rate + ").add_(" + epsilon
                + " / " + rate + ")");
        tensors.let("p.addcdiv_(" + mean + ", " + root + ", value=-1.)");
    }

    /** The step of one thread. */
    static final class Step implements Descent {
        private final Lanes lanes = Lanes.create();
        private final double learningRate;
        private final Powers powers1;
        private final Powers powers2;
        private final Moments moments;
        private float rate; // learning rate / (1 - beta1^update)
        private float rootScale; // 1 / sqrt(1 - beta2^update)

        Step(Adam adam, int means, int squares) {
            learningRate = adam.learningRate;
            powers1 = new Powers(adam.beta1);
            powers2 = new Powers(adam.beta2);
            moments = Moments.of(means, squares, adam.beta1, adam.beta2, adam.epsilon);
        }

        @Override
        public void begin(long update) {
            begin(update, learningRate);
        }

        /** Begins an update at a learning rate of its own. */
        void begin(long update, double learningRate) {
            rate = (float) (learningRate / (1 - powers1.of(update)));
            rootScale = (float) (1 / Math.sqrt(1 - powers2.of(update)));
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            lanes.adam(moments, rate, rootScale, row, at, count, gradient, from, scale);
        }
    }
}
