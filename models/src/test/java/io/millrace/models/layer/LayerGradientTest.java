package io.millrace.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Inputs;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer's backward pass against central differences of its forward pass. */
class LayerGradientTest {
    private static final int WIDTH = 5;
    private static final float STEP = 0.01f;
    private static final double TOLERANCE = 2e-3; // a float's rounding divided by the step, and the curvature
    private static final long DRAW = 0x1234567L;

    static List<Layer> layers() {
        return List.of(
                new Dense(3),
                new WeightNorm(3),
                new CosineNorm(3, 1e-5),
                new Standardize(),
                new MinMax(),
                new LayerNorm(),
                new RmsNorm(1e-5),
                new BatchNorm(1e9, 1e-5),
                new Relu(),
                new LeakyRelu(0.2),
                new Prelu(),
                new Elu(1.5),
                new Selu(),
                new Gelu(),
                new Silu(),
                new Mish(),
                new Tanh(),
                new Sigmoid(),
                new Softplus(),
                new Dropout(0.4),
                new Residual(List.of(new Dense(3), new Dropout(0.4), new Tanh(), new Dense(WIDTH))),
                new Concat(List.of(new Dense(3), new Dropout(0.4), new Tanh(), new Dense(4))));
    }

    @Test
    void coversTheCatalogue() {
        assertThat(layers().stream().<Class<?>>map(Layer::getClass))
                .containsExactlyInAnyOrder(Layer.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void backwardMatchesFiniteDifferences(Layer layer) {
        Layout.Builder layout = new Layout.Builder(1);
        check(layer.compile(new Site(layout, "it", Shape.of(WIDTH))), layout, new float[WIDTH], WIDTH);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void backwardLeavesTheRowAlone(Layer layer) {
        Layout.Builder builder = new Layout.Builder(1);
        Stage stage = layer.compile(new Site(builder, "it", Shape.of(WIDTH)));
        Layout layout = builder.build(List.of());
        float[] row = layout.initialRow();
        float[] input = {0.5f, -1, 2, 0.25f, -0.125f};
        float[] output = new float[stage.output().width()];
        Kernel kernel = stage.kernel(layout);
        kernel.forwardLearning(row, input, output, DRAW);
        kernel.backward(row, input, output, output.clone(), new float[WIDTH]);
        assertThat(row).isEqualTo(layout.initialRow());
        assertThat(input).containsExactly(0.5f, -1, 2, 0.25f, -0.125f);
    }

    @Test
    void embeddingMatchesFiniteDifferences() {
        Layout.Builder layout = new Layout.Builder(1);
        Inputs inputs = new Inputs(2, List.of(new Inputs.Category(3, 2), new Inputs.Category(4, 3)));
        Stage stage = Embed.compile(new Site(layout, "embedding", Shape.features(4, 2)), inputs);
        check(stage, layout, new float[] {0, 0, 2, 1}, 2);
    }

    /** Checks the gradients in the first columns of the input, which are made random, and in every parameter. */
    private static void check(Stage stage, Layout.Builder builder, float[] input, int columns) {
        Layout layout = builder.build(List.of());
        Random random = new Random(3);
        float[] row = layout.initialRow();
        for (int at = 0; at < layout.parameters(); at++) {
            row[at] += 0.3f * (float) random.nextGaussian();
        }
        for (Range buffer : layout.ranges()) {
            if (buffer.section() == Section.BUFFERS) { // after many samples one more does not move the statistics
                Arrays.fill(row, layout.at(buffer), layout.at(buffer) + buffer.length(), settled(buffer.name()));
            }
        }
        for (int i = 0; i < columns; i++) {
            float normal = (float) random.nextGaussian();
            input[i] = normal + Math.copySign(0.1f, normal); // away from a rectifier's kink
        }
        float[] slope = new float[stage.output().width()]; // the loss is the sum of slope * output
        for (int i = 0; i < slope.length; i++) {
            slope[i] = (float) random.nextGaussian();
        }
        Kernel kernel = stage.kernel(layout);
        float[] output = new float[slope.length];
        float[] inputDelta = new float[input.length];
        kernel.forwardLearning(row, input, output, DRAW);
        kernel.backward(row, input, output, slope, inputDelta);
        Recorder recorder = new Recorder(layout.parameters());
        kernel.update(row.clone(), input, slope, recorder);

        double squares = 0;
        for (int at = 0; at < layout.parameters(); at++) {
            squares += (double) recorder.gradient[at] * recorder.gradient[at];
            assertThat((double) recorder.gradient[at])
                    .as("gradient in parameter %s", at)
                    .isCloseTo(difference(kernel, row, input, slope, row, at), within(TOLERANCE));
        }
        assertThat(kernel.squaredGradient(input, slope)).isCloseTo(squares, within(1e-5 * (1 + squares)));
        for (int i = 0; i < columns; i++) {
            assertThat((double) inputDelta[i])
                    .as("gradient in input %s", i)
                    .isCloseTo(difference(kernel, row, input, slope, input, i), within(TOLERANCE));
        }
    }

    private static float settled(String buffer) {
        return buffer.endsWith("count") ? 1e6f : buffer.endsWith("least") ? -4 : 2;
    }

    private static double difference(Kernel kernel, float[] row, float[] input, float[] slope, float[] moved, int at) {
        float before = moved[at];
        moved[at] = before + STEP;
        double above = loss(kernel, row, input, slope);
        moved[at] = before - STEP;
        double below = loss(kernel, row, input, slope);
        moved[at] = before;
        return (above - below) / (2 * STEP);
    }

    private static double loss(Kernel kernel, float[] row, float[] input, float[] slope) {
        float[] output = new float[slope.length];
        kernel.forwardLearning(row, input, output, DRAW);
        double loss = 0;
        for (int i = 0; i < slope.length; i++) {
            loss += (double) slope[i] * output[i];
        }
        return loss;
    }

    /** Records the gradient instead of descending. */
    private static final class Recorder implements Descent {
        private final float[] gradient;

        Recorder(int parameters) {
            gradient = new float[parameters];
        }

        @Override
        public void step(float[] row, int at, int count, float[] values, int from, float scale) {
            for (int i = 0; i < count; i++) {
                gradient[at + i] += scale * values[from + i];
            }
        }
    }
}
