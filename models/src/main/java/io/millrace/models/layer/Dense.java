package io.millrace.models.layer;

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

/** Fully connected layer with a bias: {@code output = input W + b}. */
@Term(value = "dense", about = "Fully connected layer with a bias.")
public record Dense(
        @Setting(value = "Number of units.", atLeast = 1, atMost = 65536)
        int units) implements Layer {
    public Dense {
        Settings.check(Dense.class, units);
    }

    @Override
    public Stage compile(Site site) {
        return compile(site, Initializer.he(site.input().width()));
    }

    /** Lays the layer out with other initial weights; the bias starts at 0. */
    public Stage compile(Site site, Initializer initializer) {
        int inputs = site.input().width();
        return new Compiled(
                inputs,
                units,
                site.parameter("weight", initializer, inputs, units),
                site.parameter("bias", Initializer.ZEROS, units));
    }

    private record Compiled(int inputs, int units, Range weight, Range bias) implements Stage {
        @Override
        public Shape output() {
            return Shape.of(units);
        }

        @Override
        public Kernel kernel(Layout layout) {
            return new Arithmetic(inputs, units, layout.at(weight), layout.at(bias));
        }

        @Override
        public String script(Script script, String input) {
            String product = script.let(input + ".unsqueeze(1).bmm(" + script.range(weight) + ").squeeze(1)");
            return script.let(product + " + " + script.range(bias));
        }
    }

    /** The weight's gradient is the outer product of input and delta, and is never written down. */
    private record Arithmetic(int inputs, int units, int weight, int bias) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            System.arraycopy(row, bias, output, 0, units);
            for (int i = 0, at = weight; i < inputs; i++, at += units) {
                float x = input[i];
                for (int unit = 0; unit < units; unit++) {
                    output[unit] += x * row[at + unit];
                }
            }
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            for (int i = 0, at = weight; i < inputs; i++, at += units) {
                float sum = 0;
                for (int unit = 0; unit < units; unit++) {
                    sum += outputDelta[unit] * row[at + unit];
                }
                inputDelta[i] = sum;
            }
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            return (1 + squares(input, inputs)) * squares(outputDelta, units);
        }

        private static double squares(float[] values, int count) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += (double) values[i] * values[i];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            for (int i = 0, at = weight; i < inputs; i++, at += units) {
                descent.step(row, at, units, outputDelta, 0, input[i]);
            }
            descent.step(row, bias, units, outputDelta, 0, 1);
        }
    }
}
