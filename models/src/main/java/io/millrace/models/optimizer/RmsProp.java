package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Divides each step by the running root mean square of the gradient: {@code s = decay * s + (1 - decay) * g^2; p -= rate * g /
 * (sqrt(s) + epsilon)}.
 *
 * <p>As PyTorch has it: epsilon stands outside the root and the decay is 0.99; the lecture has 0.9 and no epsilon.
 *
 * @see "T. Tieleman, G. Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012"
 */
@Term(value = "rmsprop", about = "Steps divided by the running root mean square of the gradient.")
public record RmsProp(
        @Setting(value = "Step size.", byDefault = "0.01", above = 0)
        double learningRate,

        @Setting(value = "Decay of the mean square.", byDefault = "0.99", atLeast = 0, below = 1)
        double decay,

        @Setting(value = "Added to the root of the squared gradient.", byDefault = "1e-8", above = 0)
        double epsilon)
        implements Optimizer {
    public RmsProp {
        Settings.check(RmsProp.class, learningRate, decay, epsilon);
    }

    @Override
    public List<String> slots() {
        return List.of("square");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step((float) learningRate, (float) decay, (float) (1 - decay), (float) epsilon, layout.slot(0));
    }

    @Override
    public void script(Tensors tensors) {
        String square = tensors.slot(0);
        Running.square(tensors, square, decay);
        tensors.let("p.addcdiv_(g, torch.sqrt(" + square + ").add_(" + epsilon + "), value=-" + learningRate + ")");
        tensors.slot(0, square);
        tensors.parameters("p");
    }

    private record Step(float rate, float decay, float fresh, float epsilon, int squares) implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float square = Tiny.flush(decay * row[squares + at + i] + fresh * g * g, Tiny.SQUARE);
                row[squares + at + i] = square;
                row[at + i] -= rate * g / ((float) Math.sqrt(square) + epsilon);
            }
        }
    }
}
