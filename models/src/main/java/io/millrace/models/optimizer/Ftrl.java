package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Follow the proximally regularized leader: every parameter is what would have been best over all linearized losses
 * so far, given its regularization, so that {@code l1} makes parameters exactly zero.
 *
 * <p>The parameter follows from its slots z and n alone, and the paper starts all at zero. A network needs its initial
 * weights, so a parameter that has had no gradient yet (n is 0) takes the z that gives it the value it has.
 *
 * @see "H. B. McMahan et al., Ad Click Prediction: a View from the Trenches, 2013, algorithm 1"
 */
@Term(value = "ftrl", about = "Follow the proximally regularized leader; l1 gives sparse models.")
public record Ftrl(
        @Setting(value = "Step size, the paper's alpha.", byDefault = "0.1", above = 0)
        double learningRate,

        @Setting(value = "Weight of the absolute values of the parameters.", byDefault = "0.0", atLeast = 0)
        double l1,

        @Setting(value = "Weight of half the squares of the parameters.", byDefault = "0.0", atLeast = 0)
        double l2,

        @Setting(value = "Added to the root of the summed squared gradients.", byDefault = "1.0", above = 0)
        double beta)
        implements Optimizer {
    public Ftrl {
        Settings.check(Ftrl.class, learningRate, l1, l2, beta);
    }

    @Override
    public List<String> slots() {
        return List.of("z", "n");
    }

    @Override
    public Descent descent(Layout layout) {
        float initial = (float) (beta / learningRate + l2);
        float pace = (float) (1 / learningRate);
        return new Step(pace, (float) l1, initial, layout.slot(0), layout.slot(1));
    }

    @Override
    public void script(Tensors tensors) {
        String before = tensors.slot(1);
        String initial = tensors.let("p * " + -(beta / learningRate + l2) + " - torch.sign(p) * " + l1);
        String z = tensors.let("torch.where(" + before + " > 0., " + tensors.slot(0) + ", " + initial + ")");
        String n = tensors.let(Tiny.flush(before + " + g * g", Tiny.SQUARE));
        String pull = tensors.let("(torch.sqrt(" + n + ") - torch.sqrt(" + before + ")) * " + 1 / learningRate);
        String next = tensors.let(z + " + g - " + pull + " * p");
        tensors.slot(0, next);
        tensors.slot(1, n);
        String beyond = tensors.let("torch.relu(torch.abs(" + next + ") - " + l1 + ") * torch.sign(" + next + ")");
        String stiffness = "torch.sqrt(" + n + ") * " + 1 / learningRate + " + " + (beta / learningRate + l2);
        tensors.parameters(tensors.let("-" + beyond + " / (" + stiffness + ")"));
    }

    /**
     * @param pace 1 / learning rate
     * @param initial what z is divided by before the first gradient
     */
    private record Step(float pace, float l1, float initial, int sums, int squares) implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                float p = row[at + i];
                float g = scale * gradient[from + i];
                float before = row[squares + at + i];
                float z = before > 0 ? row[sums + at + i] : -p * initial - Math.signum(p) * l1;
                float n = Tiny.flush(before + g * g, Tiny.SQUARE);
                float root = (float) Math.sqrt(n);
                z += g - (root - (float) Math.sqrt(before)) * pace * p;
                row[sums + at + i] = z;
                row[squares + at + i] = n;
                row[at + i] = -Math.max(Math.abs(z) - l1, 0) * Math.signum(z) / (root * pace + initial);
            }
        }
    }
}
