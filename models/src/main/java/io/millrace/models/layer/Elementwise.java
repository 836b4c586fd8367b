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

        /** The values of a tensor as an expression in TorchScript. */
        String script(String x);
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
        return script.let(function.script(input));
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
