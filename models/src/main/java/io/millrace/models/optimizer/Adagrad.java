package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Divides each step by the root of the sum of all squared gradients: {@code s += g^2; p -= rate * g / (sqrt(s) + epsilon)}.
 *
 * <p>As PyTorch has it: epsilon stands outside the root, and there is no decay of the rate beside that of the sum. A
 * stream never ends, so the steps settle and the model slowly goes deaf to drift.
 *
 * @see "J. Duchi, E. Hazan, Y. Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization,
 *     2011, figure 1"
 */
@Term(value = "adagrad", about = "Steps shrink with the sum of squared gradients, parameter by parameter.")
public record Adagrad(
        @Setting(value = "Step size.", byDefault = "0.01", above = 0)
        double learningRate,

        @Setting(value = "Added to the root of the squared gradient.", byDefault = "1e-10", above = 0)
        double epsilon)
        implements Optimizer {
    public Adagrad {
        Settings.check(Adagrad.class, learningRate, epsilon);
    }

    @Override
    public List<String> slots() {
        return List.of("square");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step((float) learningRate, (float) epsilon, layout.slot(0));
    }

    @Override
    public void script(Tensors tensors) {
        String square = tensors.slot(0);
        tensors.let(square + ".addcmul_(g, g)");
        tensors.let(Tiny.drop(square, Tiny.SQUARE));
        tensors.let("p.addcdiv_(g, torch.sqrt(" + square + ").add_(" + epsilon + "), value=-" + learningRate + ")");
        tensors.slot(0, square);
        tensors.parameters("p");
    }

    private record Step(float rate, float epsilon, int squares) implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float square = Tiny.flush(row[squares + at + i] + g * g, Tiny.SQUARE);
                row[squares + at + i] = square;
                row[at + i] -= rate * g / ((float) Math.sqrt(square) + epsilon);
            }
        }
    }
}
