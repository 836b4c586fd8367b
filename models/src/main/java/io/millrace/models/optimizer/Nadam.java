package io.millrace.models.optimizer;

import io.millrace.models.lanes.Moments;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Adam with Nesterov's look ahead: the mean that moves the parameters already holds its next decay.
 *
 * <p>With the paper's constant decay. PyTorch and the paper's appendix let it grow over time, which takes a running
 * product per model and matters in the first hundreds of updates.
 *
 * @see "T. Dozat, Incorporating Nesterov Momentum into Adam, 2016, algorithm 2"
 */
@Term(value = "nadam", about = "Adam that looks ahead along its mean, as Nesterov's momentum does.")
public record Nadam(
        @Setting(value = "Step size.", byDefault = "0.003", above = 0)
        double learningRate,

        @Setting(value = "Decay of the gradient's running mean.", byDefault = "0.9", atLeast = 0, below = 1)
        double beta1,

        @Setting(value = "Decay of the squared gradient's running mean.", byDefault = "0.999", atLeast = 0, below = 1)
        double beta2,

        @Setting(value = "Added to the root of the squared gradient.", byDefault = "1e-8", above = 0)
        double epsilon)
        implements Optimizer {
    public Nadam {
        Settings.check(Nadam.class, learningRate, beta1, beta2, epsilon);
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
        Running.mean(tensors, m, beta1);
        Running.square(tensors, v, beta2);
        String meanRate = tensors.let("(" + learningRate * beta1 + " / (1. - " + beta1 + " ** (update + 1.))).float()");
        String freshRate = tensors.let("(" + learningRate * (1 - beta1) + " / (1. - " + beta1 + " ** update)).float()");
        String scale = tensors.let("torch.rsqrt(1. - " + beta2 + " ** update).float()");
        String root = tensors.let("torch.sqrt(" + v + ").mul_(" + scale + ").add_(" + epsilon + ")");
        tensors.let(
                "p.addcdiv_(g.mul_(" + freshRate + ").add_(" + m + " * " + meanRate + "), " + root + ", value=-1.)");
        tensors.slot(0, m);
        tensors.slot(1, v);
        tensors.parameters("p");
    }

    private static final class Step implements Descent {
        private final Nadam nadam;
        private final Moments moments;
        private float meanRate;
        private float freshRate;
        private float rootScale; // 1 / sqrt(1 - beta2^update)

        Step(Nadam nadam, int means, int squares) {
            this.nadam = nadam;
            moments = Moments.of(means, squares, nadam.beta1, nadam.beta2, nadam.epsilon);
        }

        @Override
        public void begin(long update) {
            double now = update;
            meanRate = (float) (nadam.learningRate * nadam.beta1 / (1 - Math.pow(nadam.beta1, now + 1)));
            freshRate = (float) (nadam.learningRate * (1 - nadam.beta1) / (1 - Math.pow(nadam.beta1, now)));
            rootScale = (float) (1 / Math.sqrt(1 - Math.pow(nadam.beta2, now)));
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            int means = moments.means() + at;
            int squares = moments.squares() + at;
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float mean = Running.mean(moments, row[means + i], g);
                float square = Running.square(moments, row[squares + i], g);
                row[means + i] = mean;
                row[squares + i] = square;
                row[at + i] -=
                        (mean * meanRate + g * freshRate) / ((float) Math.sqrt(square) * rootScale + moments.epsilon());
            }
        }
    }
}
