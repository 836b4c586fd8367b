package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.ByHand.Predicted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison that whole jobs are judged by finds every fault, and names it. */
class DifferencesTest {
    private static final String KEY = "station-1";

    @TempDir
    private Path directory;

    private ByHand right;
    private Map<String, List<Predicted>> predictions;
    private Map<String, float[]> rows;

    @BeforeEach
    void learn() throws IOException {
        right = ByHand.jvm(new WeatherJob("nowhere:1", "weather", "jvm", 1, directory).spec(), Reading.good(300, 4));
        predictions = new TreeMap<>();
        right.predictions.forEach((key, made) -> predictions.put(key, new ArrayList<>(made)));
        rows = new TreeMap<>();
        right.rows.forEach((key, row) -> rows.put(key, row.clone()));
    }

    @Test
    void theSameIsTheSame() {
        assertThat(differences()).isEmpty();
    }

    @Test
    void oneDuplicateOneMissingAndOneFlippedBitAreNamed() {
        List<Predicted> made = predictions.get(KEY);
        Predicted twice = made.get(17);
        Predicted lost = made.remove(31);
        made.add(18, twice);
        float[] row = rows.get(KEY);
        float before = row[3];
        row[3] = Float.intBitsToFloat(Float.floatToRawIntBits(before) ^ 1);

        assertThat(differences())
                .containsExactly(
                        "1 duplicate predictions: " + twice.id() + " of station-1",
                        "1 missing predictions: " + lost.id() + " of station-1",
                        "1 wrong rows: station-1 at 3: %s (%x) instead of %s (%x)"
                                .formatted(
                                        row[3],
                                        Float.floatToRawIntBits(row[3]),
                                        before,
                                        Float.floatToRawIntBits(before)));
    }

    @Test
    void swappedForeignAndChangedPredictionsAreNamed() {
        List<Predicted> made = predictions.get(KEY);
        Collections.swap(made, 4, 5);
        Predicted stale = made.get(9);
        made.set(9, new Predicted(stale.id(), stale.version() - 1, stale.scores()));
        predictions.get("station-2").add(made.get(0));

        assertThat(differences())
                .containsExactlyInAnyOrder(
                        "1 keys whose predictions are out of order: station-1",
                        "1 wrong versions: " + stale.id() + " of station-1 is " + (stale.version() - 1) + " instead of "
                                + stale.version(),
                        "1 unexpected predictions: " + made.get(0).id() + " of station-2");
    }

    @Test
    void lostForeignAndCutRowsAreNamed() {
        rows.remove("station-0");
        rows.put("station-9", new float[1]);
        rows.put("station-2", new float[1]);

        assertThat(differences())
                .containsExactlyInAnyOrder(
                        "1 missing rows: station-0",
                        "1 unexpected rows: station-9",
                        "1 wrong rows: station-2 has 1 floats instead of " + right.rows.get(KEY).length);
    }

    @Test
    void manyAreCountedAndTheFirstNamed() {
        predictions.remove(KEY);

        assertThat(differences()).hasSize(1);
        assertThat(differences().get(0))
                .startsWith(right.predictions.get(KEY).size() + " missing predictions: "
                        + right.predictions.get(KEY).get(0).id() + " of station-1, ")
                .endsWith(", ...");
    }

    @Test
    void aToleranceForgivesRoundingButNotMore() {
        float[] row = rows.get(KEY);
        row[3] = Math.nextUp(row[3]);
        assertThat(Differences.ofRows(rows, right.rows, 1e-6f)).isEmpty();
        row[3] += 1e-4f;
        assertThat(Differences.ofRows(rows, right.rows, 1e-6f)).hasSize(1);
        row[3] = Float.NaN;
        assertThat(Differences.ofRows(rows, right.rows, 1e-6f)).hasSize(1);
    }

    private List<String> differences() {
        List<String> all = new ArrayList<>(Differences.ofPredictions(predictions, right.predictions, 0));
        all.addAll(Differences.ofRows(rows, right.rows, 0));
        return all;
    }
}
