package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Adam that also shrinks every parameter it moves by {@code rate * decay} of itself, apart from the gradient's scaling.
 *
 * <p>As PyTorch has it: the decay is multiplied by the rate, where the paper multiplies it by the schedule alone.
 *
 * @see "I. Loshchilov, F. Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2"
 */
@Term(value = "adamw", about = "Adam with weight decay apart from the gradient.")
public record AdamW(
        @Setting(value = "Step size.", byDefault = "0.003", above = 0)
        double learningRate,

        @Setting(value = "Share of a parameter that rate 1 would take off it.", byDefault = "0.01", atLeast = 0)
        double weightDecay,

        @Setting(value = "Decay of the gradient's running mean.", byDefault = "0.9", atLeast = 0, below = 1)
        double beta1,

        @Setting(value = "Decay of the squared gradient's running mean.", byDefault = "0.999", atLeast = 0, below = 1)
        double beta2,

        @Setting(value = "Added to the root of the squared gradient.", byDefault = "1e-8", above = 0)
        double epsilon)
        implements Optimizer {
    public AdamW {
        Settings.check(AdamW.class, learningRate, weightDecay, beta1, beta2, epsilon);
    }

    private Adam adam() {
        return new Adam(learningRate, beta1, beta2, epsilon);
    }

    @Override
    public List<String> slots() {
        return adam().slots();
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(adam().descent(layout), (float) (learningRate * weightDecay));
    }

    @Override
    public void script(Tensors tensors) {
        tensors.let("p.mul_(" + (1 - learningRate * weightDecay) + ")");
        adam().script(tensors);
    }

    private record Step(Descent adam, float decay) implements Descent {
        @Override
        public void begin(long update) {
            adam.begin(update);
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = at; i < at + count; i++) {
                row[i] -= decay * row[i];
            }
            adam.step(row, at, count, gradient, from, scale);
        }
    }
}
