package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Takes steps in the unit of the parameters: the ratio of the running root mean squares of the steps so far and of the gradient,
 * times the gradient.
 *
 * <p>As PyTorch has it, there is a rate, 1 by default, which the paper has not, and the decay is 0.9, where the
 * paper's experiments have 0.95.
 *
 * @see "M. D. Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, algorithm 1"
 */
@Term(value = "adadelta", about = "Steps as large as the steps before, relative to the gradient.")
public record Adadelta(
        @Setting(value = "Step size.", byDefault = "1.0", above = 0)
        double learningRate,

        @Setting(value = "Decay of the mean squares.", byDefault = "0.9", atLeast = 0, below = 1)
        double decay,

        @Setting(
                value = "Added to the mean squares under the roots; the first steps are about its root.",
                byDefault = "1e-6",
                above = 0)
        double epsilon)
        implements Optimizer {
    public Adadelta {
        Settings.check(Adadelta.class, learningRate, decay, epsilon);
    }

    @Override
    public List<String> slots() {
        return List.of("square", "moved");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(
                (float) learningRate,
                (float) decay,
                (float) (1 - decay),
                (float) epsilon,
                layout.slot(0),
                layout.slot(1));
    }

    @Override
    public void script(Tensors tensors) {
        String square = tensors.slot(0);
        String moved = tensors.slot(1);
        Running.square(tensors, square, decay);
        String step = tensors.let("g.mul_(torch.sqrt(" + moved + " + " + epsilon + ").mul_(torch.rsqrt(" + square
                + " + " + epsilon + ")))");
        Running.square(tensors, moved, decay); // of the step, which is g by now
        tensors.let("p.add_(" + step + ", alpha=-" + learningRate + ")");
        tensors.slot(0, square);
        tensors.slot(1, moved);
        tensors.parameters("p");
    }

    private record Step(float rate, float decay, float fresh, float epsilon, int squares, int moved)
            implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float square = Tiny.flush(decay * row[squares + at + i] + fresh * g * g, Tiny.SQUARE);
                float before = row[moved + at + i];
                float step = (float) (Math.sqrt(before + epsilon) / Math.sqrt(square + epsilon)) * g;
                row[squares + at + i] = square;
                row[moved + at + i] = Tiny.flush(decay * before + fresh * step * step, Tiny.SQUARE);
                row[at + i] -= rate * step;
            }
        }
    }
}
