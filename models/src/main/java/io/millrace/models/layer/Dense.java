package io.millrace.models.layer;

import io.millrace.models.lanes.Lanes;
import io.millrace.models.lanes.Matrix;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.Arrays;

/**
 * Fully connected layer with a bias, which starts at 0: {@code output = input W + b}.
 *
 * <p>The longer dimension of the weight is the inner one, so that arithmetic runs over long stretches: its shape is
 * [inputs, units], but [units, inputs] where there are fewer units than inputs.
 */
@Term(value = "dense", about = "Fully connected layer with a bias.")
public record Dense(
        @Setting(value = "Number of units.", atLeast = 1, atMost = 65536)
        int units,

        @Setting(value = "How the weights start.", byDefault = "he")
        InitialWeights initializer)
        implements Layer {
    public Dense {
        Settings.check(Dense.class, units, initializer);
    }

    /** A layer that starts as is usual. */
    public Dense(int units) {
        this(units, InitialWeights.HE);
    }

    @Override
    public Stage compile(Site site) {
        int inputs = site.input().width();
        Initializer weights = initializer.of(inputs, units);
        boolean narrow = units < inputs;
        Range weight = narrow
                ? site.weights("weight", weights, 0, units, inputs)
                : site.weights("weight", weights, 1, inputs, units);
        return new Compiled(units, narrow, weight, site.parameter("bias", Initializer.ZEROS, units));
    }

    private record Compiled(int units, boolean narrow, Range weight, Range bias) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(units);
        }

        @Override
        public Kernel kernel(Layout layout) {
            Matrix matrix = new Matrix(
                    layout.at(weight), weight.shape().get(0), weight.shape().get(1));
            return new Arithmetic(Lanes.create(), matrix, narrow, layout.at(bias), units);
        }

        @Override
        public String script(Script script, String input) {
            return script.affine(input, weight, narrow, bias);
        }
    }

    /** The weight's gradient is the outer product of input and delta, and is never written down. */
    private record Arithmetic(Lanes lanes, Matrix weight, boolean narrow, int bias, int units) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            System.arraycopy(row, bias, output, 0, units);
            if (narrow) {
                lanes.addMatrixVector(row, weight, input, output);
            } else {
                lanes.addVectorMatrix(input, row, weight, output);
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            Arrays.fill(inputDelta, 0);
            if (narrow) {
                lanes.addVectorMatrix(outputDelta, row, weight, inputDelta);
            } else {
                lanes.addMatrixVector(row, weight, outputDelta, inputDelta);
            }
        }

        @Override
        public void backwardLowest(float[] row, float[] input, float[] output, float[] outputDelta, float[] scratch) {}

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            return (1 + lanes.squares(input)) * lanes.squares(outputDelta);
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            float[] rows = narrow ? outputDelta : input;
            float[] columns = narrow ? input : outputDelta;
            for (int step = 0; step < weight.rows(); step++) {
                int i = weight.interleaved(step);
                descent.step(row, weight.at() + i * weight.columns(), weight.columns(), columns, 0, rows[i]);
            }
            descent.step(row, bias, units, outputDelta, 0, 1);
        }
    }
}
