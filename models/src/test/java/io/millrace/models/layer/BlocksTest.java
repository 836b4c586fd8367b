package io.millrace.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.program.Layout;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks of inner layers: what goes around them. */
class BlocksTest {
    private static Stage compile(Layout.Builder layout, Layer... layers) {
        return new Residual(List.of(layers)).compile(new Site(layout, "it", Shape.of(2)));
    }

    private static float[] output(Layer block) {
        Layout.Builder builder = new Layout.Builder(1);
        Stage stage = block.compile(new Site(builder, "it", Shape.of(2)));
        Layout layout = builder.build(List.of());
        float[] output = new float[stage.output().width()];
        stage.kernel(layout).forward(layout.initialRow(), new float[] {3, -2}, output);
        return output;
    }

    @Test
    void addsTheInputToWhatTheLayersMakeOfIt() {
        Residual residual = new Residual(List.of(new Relu(), new LeakyRelu(0.5)));
        assertThat(output(residual)).containsExactly(6, -2);
    }

    @Test
    void putsBesideTheInputWhatTheLayersMakeOfIt() {
        assertThat(output(new Concat(List.of(new Relu())))).containsExactly(3, -2, 3, 0);
        Layer inner = new Concat(List.of(new Dense(3, InitialWeights.ZEROS)));
        assertThat(output(new Concat(List.of(new LeakyRelu(0.5), inner)))).containsExactly(3, -2, 3, -1, 0, 0, 0);
    }

    @Test
    void residualBlockWhoseLastLayerStartsAtZeroStartsAsNothing() {
        Layer last = new Dense(2, InitialWeights.ZEROS);
        assertThat(output(new Residual(List.of(new Dense(5), new Tanh(), last))))
                .containsExactly(3, -2);
    }

    @Test
    void rangesOfInnerLayersAreNamedByTheirPlace() {
        Layout.Builder builder = new Layout.Builder(1);
        compile(builder, new Prelu(), new Residual(List.of(new Prelu())));
        assertThat(builder.build(List.of()).describe())
                .contains("it.0.prelu.slope [2]")
                .contains("it.1.residual.0.prelu.slope [2]");
    }

    @Test
    void refusesLayersThatChangeTheWidth() {
        assertThatThrownBy(() -> compile(new Layout.Builder(1), new Dense(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the inner layers give 3 columns, which cannot be added to the input's 2");
        assertThatThrownBy(() -> new Residual(List.of())).hasMessageContaining("number of entries must be >= 1");
    }
}
