package io.millrace.models.optimizer;

import io.millrace.models.lanes.Lanes;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Gradient descent along a decaying sum of gradients: {@code v = momentum * v + g; p -= rate * v}.
 *
 * <p>As PyTorch has it: the rate multiplies the velocity when it is applied, not when it is gathered.
 *
 * @see "B. T. Polyak, Some Methods of Speeding Up the Convergence of Iteration Methods, 1964"
 */
@Term(value = "momentum", about = "Gradient descent along a decaying sum of gradients.")
public record Momentum(
        @Setting(value = "Step size.", byDefault = "0.01", above = 0)
        double learningRate,

        @Setting(value = "Share of the velocity that stays.", byDefault = "0.9", atLeast = 0, below = 1)
        double momentum)
        implements Optimizer {
    public Momentum {
        Settings.check(Momentum.class, learningRate, momentum);
    }

    @Override
    public List<String> slots() {
        return List.of("velocity");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(Lanes.create(), (float) learningRate, (float) momentum, layout.slot(0));
    }

    @Override
    public void script(Tensors tensors) {
        String v = tensors.slot(0);
        tensors.let(v + ".mul_(" + momentum + ").add_(g).add_(" + Lanes.FLUSH + ").sub_(" + Lanes.FLUSH + ")");
        tensors.let("p.add_(" + v + ", alpha=-" + learningRate + ")");
        tensors.slot(0, v);
        tensors.parameters("p");
    }

    private record Step(Lanes lanes, float rate, float momentum, int velocity) implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            lanes.momentum(velocity, momentum, rate, row, at, count, gradient, from, scale);
        }
    }
}
