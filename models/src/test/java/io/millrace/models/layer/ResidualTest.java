package io.millrace.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.program.Layout;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidualTest {
    private static Stage compile(Layout.Builder layout, Layer... layers) {
        return new Residual(List.of(layers)).compile(new Site(layout, "it", Shape.of(2)));
    }

    @Test
    void addsTheInputToWhatTheLayersMakeOfIt() {
        Layout.Builder builder = new Layout.Builder(1);
        Stage stage = compile(builder, new Relu(), new LeakyRelu(0.5));
        Layout layout = builder.build(List.of());
        float[] output = new float[2];
        stage.kernel(layout).forward(layout.initialRow(), new float[] {3, -2}, output);
        assertThat(output).containsExactly(6, -2);
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
