package io.millrace.models.optimizer;

import io.millrace.models.lanes.Lanes;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/** Plain stochastic gradient descent: {@code p -= rate * g}. */
@Term(value = "sgd", about = "Plain stochastic gradient descent.")
public record Sgd(
        @Setting(value = "Step size.", byDefault = "0.1", above = 0)
        double learningRate) implements Optimizer {
    public Sgd {
        Settings.check(Sgd.class, learningRate);
    }

    @Override
    public List<String> slots() {
        return List.of();
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step((float) learningRate);
    }

    @Override
    public void script(Tensors tensors) {
        tensors.let("p.add_(g, alpha=-" + learningRate + ")");
        tensors.parameters("p");
    }

    /** The step of one thread. */
    record Step(Lanes lanes, float rate) implements Descent {
        Step(float rate) {
            this(Lanes.create(), rate);
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            lanes.descend(row, at, count, gradient, from, rate * scale);
        }
    }
}
