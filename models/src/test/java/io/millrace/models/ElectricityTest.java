package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.optimizer.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Prequential accuracy on the electricity prices of New South Wales, 45,312 half hours, against figures that were
 * computed independently. Skipped where the data is absent.
 *
 * @see "M. Harries, SPLICE-2 Comparative Evaluation: Electricity Pricing, 1999"
 */
class ElectricityTest {
    private static final Path DATA = Path.of("../../shared/data/elec.csv"); // beside the repository
    private static final int FEATURES = 6;

    private static double accuracy(List<Layer> layers, double learningRate) throws IOException {
        assumeTrue(Files.exists(DATA), () -> DATA.toAbsolutePath() + " is absent");
        Problem problem = new Problem(Inputs.numeric(FEATURES), new Target.Classes(List.of("DOWN", "UP")));
        Program program = new ModelSpec(layers, null, new Sgd(learningRate), 1).compile(problem);
        JvmExecutor executor = new JvmExecutor(program);
        float[] row = program.initialRow("nsw");
        Outcome outcome = new Outcome(2);
        int right = 0;
        List<String> lines = Files.readAllLines(DATA);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            float[] features = new float[FEATURES];
            for (int i = 0; i < FEATURES; i++) {
                features[i] = Float.parseFloat(cells[i]);
            }
            int label = Integer.parseInt(cells[FEATURES]);
            executor.step(row, features, new float[] {label}, 1, true, outcome);
            right += (outcome.scores[1] > outcome.scores[0] ? 1 : 0) == label ? 1 : 0;
        }
        return right / (lines.size() - 1.0);
    }

    @Test
    void logisticRegressionReproducesTheKnownAccuracies() throws IOException {
        List<Layer> layers = List.of(new Standardize());
        assertThat(accuracy(layers, 0.1)).isCloseTo(0.8723, within(0.001));
        assertThat(accuracy(layers, 1)).isCloseTo(0.9115, within(0.001));
    }

    @Test
    void defaultNetworkBeatsTheLastLabelByFar() throws IOException {
        List<Layer> layers = List.of(new Standardize(), new Dense(64), new LayerNorm(), new Tanh());
        assertThat(accuracy(layers, 0.1)).isGreaterThan(0.91); // repeating the last label scores 0.8533
    }
}
