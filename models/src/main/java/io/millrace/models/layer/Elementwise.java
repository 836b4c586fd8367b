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
         * Whether PyTorch gives a float the same bits wherever in a tensor it lies. Others, which it rounds otherwise where they
         * fill no vector register at the end, are computed in double precision and rounded once: a sample's bits must not
         * depend on how many share its step.
         */
        default boolean even() {
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
        String x = function.even() ? input : script.let(input + ".double()");
        String y = script.let(function.script(x));
        String output = function.even() ? y : script.let(y + ".type_as(" + input + ")");
        script.derive(output, slope -> {
            String slopes = function.slopeScript(x, y, function.even() ? slope : slope + ".double()");
            script.slope(input, function.even() ? slopes : "(" + slopes + ").type_as(" + input + ")");
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
