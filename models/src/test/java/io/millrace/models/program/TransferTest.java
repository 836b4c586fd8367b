package io.millrace.models.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.program.Range.Section;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static Layout layout(int units, String... slots) {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "0.dense.weight", Initializer.normal(1), 3, 5);
        builder.add(Section.PARAMETERS, "1.dense.weight", Initializer.normal(1), units, 3);
        builder.add(Section.PARAMETERS, "output.bias", Initializer.normal(1), 2);
        builder.add(Section.BUFFERS, "mean", Initializer.ZEROS, 5);
        builder.add(Section.COUNTERS, "updates", Initializer.ZEROS, 2);
        return builder.build(List.of(slots));
    }

    private static float[] numbered(Layout layout) {
        float[] row = new float[layout.width()];
        for (int i = 0; i < row.length; i++) {
            row[i] = 100 + i;
        }
        return row;
    }

    private static float[] part(Layout layout, float[] row, String name, int from, int length) {
        Range range = layout.ranges().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        int at = layout.at(range) + from;
        return Arrays.copyOfRange(row, at, at + length);
    }

    @Test
    void rangesOfTheSameNameAndShapeAndTheirSlotsKeepTheirNumbers() {
        Layout before = layout(4, "m", "v");
        Layout now = layout(6, "v", "w");
        float[] saved = numbered(before);

        float[] row = Transfer.of(before.describe(), now).apply(saved);

        assertThat(row).hasSize(now.width());
        assertThat(part(now, row, "0.dense.weight", 0, 15)).isEqualTo(part(before, saved, "0.dense.weight", 0, 15));
        assertThat(part(now, row, "output.bias", 0, 2)).isEqualTo(part(before, saved, "output.bias", 0, 2));
        assertThat(part(now, row, "mean", 0, 5)).isEqualTo(part(before, saved, "mean", 0, 5));
        assertThat(part(now, row, "updates", 0, 2)).isEqualTo(part(before, saved, "updates", 0, 2));
        assertThat(part(now, row, "1.dense.weight", 0, 18))
                .isEqualTo(part(now, now.initialRow(), "1.dense.weight", 0, 18));
        assertThat(part(now, row, "v", 0, 15)).isEqualTo(part(before, saved, "v", 0, 15));
        assertThat(part(now, row, "v", 15, 18)).containsOnly(0);
        assertThat(part(now, row, "v", 33, 2)).isEqualTo(part(before, saved, "v", 27, 2)); // of output.bias
        assertThat(part(now, row, "w", 0, 35)).containsOnly(0);
    }

    @Test
    void saysWhatFits() {
        assertThat(Transfer.of(layout(4, "m").describe(), layout(6, "v")))
                .hasToString("carried over: 0.dense.weight, output.bias, mean, updates; begun anew: 1.dense.weight, v");
    }

    @Test
    void refusesWhatDescribesNoLayout() {
        Layout layout = layout(4, "m");
        assertThatThrownBy(() -> Transfer.of(layout.describe().replace("width", "w"), layout))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transfer.of(layout.describe().replace("[3, 5]", "[3, x]"), layout))
                .hasMessage("[3, x] is no shape of a saved range");
    }
}
