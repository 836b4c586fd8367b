package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Momentum that looks ahead: {@code v = momentum * v + g; p -= rate * (g + momentum * v)}.
 *
 * <p>As PyTorch has it, in the form of Sutskever et al. where the parameters kept are those looked ahead to, and with
 * the rate applied to the velocity rather than gathered in it.
 *
 * @see "Y. Nesterov, A Method of Solving a Convex Programming Problem with Convergence Rate O(1/k^2), 1983"
 * @see "I. Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning, 2013"
 */
@Term(value = "nesterov", about = "Momentum that looks ahead along its velocity.")
public record Nesterov(
        @Setting(value = "Step size.", byDefault = "0.01", above = 0)
        double learningRate,

        @Setting(value = "Share of the velocity that stays.", byDefault = "0.9", atLeast = 0, below = 1)
        double momentum)
        implements Optimizer {
    public Nesterov {
        Settings.check(Nesterov.class, learningRate, momentum);
    }

    @Override
    public List<String> slots() {
        return List.of("velocity");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step((float) learningRate, (float) momentum, layout.slot(0));
    }

    @Override
    public void script(Tensors tensors) {
        String v = tensors.slot(0);
        tensors.let(v + ".mul_(" + momentum + ").add_(g)");
        tensors.let(Tiny.drop(v, Tiny.MEAN));
        tensors.let("p.add_(g.add_(" + v + ", alpha=" + momentum + "), alpha=-" + learningRate + ")");
        tensors.slot(0, v);
        tensors.parameters("p");
    }

    private record Step(float rate, float momentum, int velocity) implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float v = Tiny.flush(momentum * row[velocity + at + i] + g, Tiny.MEAN);
                row[velocity + at + i] = v;
                row[at + i] -= rate * (g + momentum * v);
            }
        }
    }
}
