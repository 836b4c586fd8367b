package io.millrace.models.optimizer;

import io.millrace.models.lanes.Moments;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Adam that divides by the largest mean square there has been, so that its steps never grow.
 *
 * <p>As PyTorch has it, with Adam's bias corrections, which the paper leaves out; the largest is that of the
 * uncorrected mean squares.
 *
 * @see "S. J. Reddi, S. Kale, S. Kumar, On the Convergence of Adam and Beyond, 2018, algorithm 2"
 */
@Term(value = "amsgrad", about = "Adam whose steps never grow again.")
public record AmsGrad(
        @Setting(value = "Step size.", byDefault = "0.003", above = 0)
        double learningRate,

        @Setting(value = "Decay of the gradient's running mean.", byDefault = "0.9", atLeast = 0, below = 1)
        double beta1,

        @Setting(value = "Decay of the squared gradient's running mean.", byDefault = "0.999", atLeast = 0, below = 1)
        double beta2,

        @Setting(value = "Added to the root of the squared gradient.", byDefault = "1e-8", above = 0)
        double epsilon)
        implements Optimizer {
    public AmsGrad {
        Settings.check(AmsGrad.class, learningRate, beta1, beta2, epsilon);
    }

    @Override
    public List<String> slots() {
        return List.of("mean", "square", "largest");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(this, layout.slot(0), layout.slot(1), layout.slot(2));
    }

    @Override
    public void script(Tensors tensors) {
        String m = tensors.slot(0);
        String v = tensors.slot(1);
        String largest = tensors.slot(2);
        Running.mean(tensors, m, beta1);
        Running.square(tensors, v, beta2);
        tensors.let("torch.maximum(" + largest + ", " + v + ", out=" + largest + ")");
        new Adam(learningRate, beta1, beta2, epsilon).descend(tensors, m, largest);
        tensors.slot(0, m);
        tensors.slot(1, v);
        tensors.slot(2, largest);
        tensors.parameters("p");
    }

    private static final class Step implements Descent {
        private final AmsGrad settings;
        private final Moments moments;
        private final int largest;
        private float rate; // learning rate / (1 - beta1^update)
        private float rootScale; // 1 / sqrt(1 - beta2^update)

        Step(AmsGrad settings, int means, int squares, int largest) {
            this.settings = settings;
            moments = Moments.of(means, squares, settings.beta1, settings.beta2, settings.epsilon);
            this.largest = largest;
        }

        @Override
        public void begin(long update) {
            double now = update;
            rate = (float) (settings.learningRate / (1 - Math.pow(settings.beta1, now)));
            rootScale = (float) (1 / Math.sqrt(1 - Math.pow(settings.beta2, now)));
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            int means = moments.means() + at;
            int squares = moments.squares() + at;
            for (int i = 0; i < count; i++) {
                float g = scale * gradient[from + i];
                float mean = Running.mean(moments, row[means + i], g);
                float square = Running.square(moments, row[squares + i], g);
                float most = Math.max(row[largest + at + i], square);
                row[means + i] = mean;
                row[squares + i] = square;
                row[largest + at + i] = most;
                row[at + i] -= mean * rate / ((float) Math.sqrt(most) * rootScale + moments.epsilon());
            }
        }
    }
}
