package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** An executor runs for months: {@code -Dmillrace.batches=200000} runs it for minutes. */
class EnduranceTest {
    private static final int BATCHES = Integer.getInteger("millrace.batches", 4_000);
    private static final int ROWS = 16;
    private static final int INPUTS = 512; // a leaked batch of samples would be 33 KB

    private final Program program = new ModelSpec(
                    List.of(new Dense(2), new Relu()), new Squared(false), new Adam(0.003), 1)
            .compile(new Problem(Inputs.numeric(INPUTS), new Target.Value()));

    @Test
    @EnabledOnOs(OS.LINUX)
    void stepsCostNoMemoryThatIsNotGivenBack() throws IOException {
        try (DjlExecutor executor = new DjlExecutor(program, ROWS, Device.CPU)) {
            run(executor, 2_000);
            long heap = heapBytes();
            long outside = bytesOutsideTheHeap();
            run(executor, BATCHES);
            long heapGrowth = heapBytes() - heap;
            long growth = bytesOutsideTheHeap() - outside;
            System.out.printf("%,d batches: heap %+,d bytes, outside %+,d bytes%n", BATCHES, heapGrowth, growth);
            assertThat(heapGrowth).as("heap").isLessThan(1 << 20);
            assertThat(growth).as("resident memory outside the heap").isLessThan(48 << 20);
        }
    }

    /** Every kind of call: learning, predicting, writing and reading rows. */
    private void run(DjlExecutor executor, int batches) {
        float[] features = new float[INPUTS];
        float[] row = program.initialRow("key");
        Batch batch = new Batch(program, ROWS);
        for (int i = 0; i < batches; i++) {
            batch.clear();
            for (int slot = 0; slot < ROWS; slot++) {
                features[i % INPUTS] = slot;
                batch.add(slot, features, new float[] {slot}, 1, i % 4 > 0);
            }
            executor.write(i % ROWS, row);
            executor.step(batch);
            executor.read(i % ROWS, row);
        }
    }

    private static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long bytesOutsideTheHeap() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                        .sum()
                - Runtime.getRuntime().totalMemory();
    }
}
