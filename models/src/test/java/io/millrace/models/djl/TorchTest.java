package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody reads whose machine lacks something. */
class TorchTest {
    @TempDir
    Path cache;

    /** Tries to load PyTorch in a JVM of its own. */
    static final class Main {
        private Main() {}

        /** Prints why it failed. */
        public static void main(String[] arguments) {
            try {
                Torch.manager(Device.AUTO).close();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void missingLibraryIsNamedWithItsPlacesAndTheWayOut() throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("pytorch-native-cpu"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-DDJL_CACHE_DIR=" + cache,
                        "-DENGINE_CACHE_DIR=" + cache,
                        "-cp",
                        classPath,
                        Main.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("executor djl: PyTorch's library for linux-amd64 cannot be loaded")
                .contains("PYTORCH_LIBRARY_PATH (not set)")
                .contains("pytorch-native-cpu")
                .contains("choose executor jvm");
    }

    @Test
    void missingGpuIsSaid() {
        Torch.manager(Device.CPU).close();
        assumeTrue(Engine.getEngine("PyTorch").getGpuCount() == 0, "this machine has a GPU");
        assertThatThrownBy(() -> Torch.manager(Device.GPU))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sees no GPU")
                .hasMessageContaining("choose device cpu");
    }
}
