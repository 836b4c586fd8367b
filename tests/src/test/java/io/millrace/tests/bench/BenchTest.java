package io.millrace.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.models.djl.Device;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchTest {
    private final StringWriter said = new StringWriter();

    @Test
    void aGpuThatIsNotThereIsNamedInOneLine() {
        assumeThat(MicroBatches.onGpu(Device.AUTO)).isFalse();
        assertThat(run("--device", "gpu")).isEqualTo(1);
        assertThat(said.toString()).startsWith("millrace bench: device gpu: ").hasLineCount(1);
    }

    @Test
    void aDeviceThatIsNoneIsAnsweredWithThoseThereAre() {
        assertThat(run("--device", "gup")).isEqualTo(2);
        assertThat(said.toString()).contains("gup", "AUTO, CPU, GPU");
    }

    @Test
    void microBatchesAndCopiesRunOnAnyDevice() throws Exception {
        Population population = new Population(10);
        assertThat(new MicroBatches(population, 2_500, 16, 2, Device.AUTO).rate())
                .isPositive();
        assertThat(new CopiedRows(population.program.layout().width(), 16, Device.CPU).rate())
                .isPositive();
    }

    private int run(String... arguments) {
        return Bench.commandLine().setErr(new PrintWriter(said, true)).execute(arguments);
    }
}
