package io.millrace.models.layer;

import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Stage;

/** A function of one number, applied to every column alike. */
record Elementwise(int width, Function function) implements Stage {

    /** The function over whole arrays: a call per array costs nothing, a call per number would. */
    interface Function {
        /** The values y of x. */
        void values(float[] x, float[] y);

        /** The gradient in x from the gradient in y. */
        void gradient(float[] x, float[] y, float[] yDelta, float[] xDelta);

        /** The values y of a tensor x as an expression in TorchScript. */
        String script(String x);

        /** The slope in x from the slope in y, as an expression in TorchScript. */
        String slopeScript(String x, String y, String slope);

        /**
         * Whether PyTorch rounds a float otherwise where it fills no vector register, at the end of a tensor: a sample's bits
         * would depend on how many share its step.
         */
        default boolean uneven() {
            return false;
        }
    }

    @Override
    public Shape output() {
        return Shape.of(width);
    }

    @Override
    public Kernel kernel(Layout layout) {
        return new Arithmetic(function);
    }

    @Override
    public String script(Script script, String input) {
        String x = function.uneven() ? script.let(input + ".double()") : input;
        String y = script.let(function.script(x));
        String output = function.uneven() ? script.let(y + ".type_as(" + input + ")") : y;
        script.derive(output, slope -> {
            String slopes = function.slopeScript(x, y, function.uneven() ? slope + ".double()" : slope);
            script.slope(input, function.uneven() ? "(" + slopes + ").type_as(" + input + ")" : slopes);
        });
        return output;
    }

    private record Arithmetic(Function function) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            function.values(input, output);
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            function.gradient(input, output, outputDelta, inputDelta);
        }
    }
}
