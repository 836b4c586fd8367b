package io.millrace.tests.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineFiguresTest {
    private final Map<String, Lap> laps = new LinkedHashMap<>();

    @Test
    void oursIsComparedWithThePlainPipeAndWithItselfAtLeastOnce() {
        lap("plain", 400);
        lap("exactly once", 300);
        lap("at least once", 320);
        assertThat(figures().lines())
                .contains("  ratio 0.75, target 0.60: met", "  exactly once keeps 0.94 of the rate of at least once");
    }

    @Test
    void whatWasNotMeasuredIsNotTold() {
        lap("plain", 400);
        lap("exactly once", 100);
        assertThat(figures().exactlyOnce()).isNull();
        assertThat(figures().lines())
                .contains("  ratio 0.25, target 0.60: missed")
                .noneMatch(line -> line.contains("at least once"));
    }

    private void lap(String name, double recordsPerSecond) {
        laps.put(name, new Lap(recordsPerSecond, 1, Map.of(), Map.of()));
    }

    private PipelineFigures figures() {
        return new PipelineFigures(10_000, laps, Map.of());
    }
}
