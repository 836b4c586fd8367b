package io.millrace.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Layout;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations at 2, 0 and -1, worked out from the published formulas. */
class ActivationsTest {
    private static float[] values(Layer layer, float... input) {
        Layout.Builder builder = new Layout.Builder(1);
        Stage stage = layer.compile(new Site(builder, "it", Shape.of(input.length)));
        Layout layout = builder.build(List.of());
        float[] output = new float[input.length];
        stage.kernel(layout).forward(layout.initialRow(), input, output);
        return output;
    }

    private record Known(Layer layer, float... values) {}

    static List<Known> known() {
        return List.of(
                new Known(new Relu(), 2, 0, 0),
                new Known(new LeakyRelu(0.2), 2, 0, -0.2f),
                new Known(new Prelu(), 2, 0, -0.25f),
                new Known(new Elu(1), 2, 0, -0.6321206f), // 1/e - 1
                new Known(new Elu(2), 2, 0, -1.2642411f),
                new Known(new Selu(), 2.1014020f, 0, -1.1113307f), // 1.0507010 times 2, and -1.7580993 times .6321206
                new Known(new Gelu(), 1.9545977f, 0, -0.1588080f),
                new Known(new Silu(), 1.7615942f, 0, -0.2689414f), // sigmoid(2) = .8807971, sigmoid(-1) = .2689414
                new Known(
                        new Mish(),
                        1.9439590f,
                        0,
                        -0.3034015f), // softplus 2.1269280, .3132617; tanh .9719795, .3034015
                new Known(new Tanh(), 0.9640276f, 0, -0.7615942f),
                new Known(new Sigmoid(), 0.8807971f, 0.5f, 0.2689414f),
                new Known(new Softplus(), 2.1269280f, 0.6931472f, 0.3132617f));
    }

    @ParameterizedTest
    @MethodSource("known")
    void followsItsFormula(Known each) {
        assertThat(values(each.layer, 2, 0, -1)).containsExactly(each.values, within(1e-6f));
    }

    @ParameterizedTest
    @MethodSource("known")
    void staysFiniteForHugeNumbersAndLetsNaNThrough(Known each) {
        float[] values = values(each.layer, 1e30f, -1e30f, Float.NaN);
        assertThat(values[0]).isFinite();
        assertThat(values[1]).isFinite();
        assertThat(values[2]).isNaN();
    }

    @Test
    void seluKeepsMeanZeroAndVarianceOne() {
        int count = 100_000;
        float[] normal = new float[count];
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            normal[i] = (float) random.nextGaussian();
        }
        double sum = 0;
        double squares = 0;
        for (float value : values(new Selu(), normal)) {
            sum += value;
            squares += (double) value * value;
        }
        assertThat(sum / count).isCloseTo(0, within(0.02));
        assertThat(squares / count).isCloseTo(1, within(0.03));
    }
}
