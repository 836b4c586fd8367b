package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Target;
import io.millrace.models.metrics.BusiestKeys;
import io.millrace.models.metrics.KeyTally;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What telemetry has added up, as every version has saved it, must be restored for ever. {@code main} writes that of a
 * new version, once.
 */
class StoredTelemetryTest {
    private static final int EVENTS = 100;
    private static final Target CLASSES = new Target.Classes(List.of("no", "yes"));

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void totalsOfEveryVersionAreContinued(int version) throws Exception {
        URL stored = Objects.requireNonNull(StoredTelemetryTest.class.getResource("stored/telemetry-" + version));
        OperatorSubtaskState state =
                OperatorSnapshotUtil.readStateHandle(Path.of(stored.toURI()).toString());
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.setup(TypeInformation.of(Telemetry.class)
                    .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
            harness.initializeState(state);
            harness.open();
            harness.processElement(new StreamRecord<>(tally()));

            Telemetry telemetry = harness.extractOutputValues().get(0);
            assertThat(telemetry.overall().updates()).isEqualTo(2 * EVENTS);
            Scores once = Scores.of(tally());
            double soFar = once.baselines().majorityClass().logLoss();
            // the first version knew only how frequent classes are: 34 and 66 of 100
            double before = version == 1 ? -0.34 * Math.log(0.34) - 0.66 * Math.log(0.66) : soFar;
            for (Sums sums : List.of(telemetry.overall().sums(), telemetry.recent())) {
                Scores twice = Scores.of(sums);
                assertThat(twice.events()).isEqualTo(2 * EVENTS);
                assertThat(twice.logLoss()).isEqualTo(once.logLoss());
                assertThat(twice.rocAuc()).isEqualTo(once.rocAuc());
                assertThat(twice.baselines().majorityClass().logLoss()).isCloseTo((before + soFar) / 2, within(1e-12));
            }
            assertThat(telemetry.overall().keys())
                    .extracting(KeyTally::key)
                    .isEqualTo(version == 1 ? List.of() : List.of("a", "b"));
            assertThat(telemetry.faded().scored()).isEqualTo(EVENTS / 2 + EVENTS);
            harness.snapshot(2, 2);
        }
    }

    private static OneInputStreamOperatorTestHarness<Tally, Telemetry> harness() throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new MergeTallies(new Telemetry.Span(10 * EVENTS, EVENTS), 10)));
    }

    private static Tally tally() {
        return tally(new BusiestKeys(CLASSES, 0, 1));
    }

    private static Tally tally(BusiestKeys keys) {
        Scorer scorer = new Scorer(CLASSES, 0.5, keys);
        for (int i = 0; i < EVENTS; i++) {
            float yes = (i + 0.5f) / EVENTS;
            String key = i % 4 == 0 ? "b" : "a";
            float typical = scorer.typicalLabel();
            scorer.score(key, new float[] {1 - yes, yes}, new float[] {i % 3 == 0 ? 1 : 0}, Float.NaN, typical);
            scorer.updated(i == 0);
        }
        return scorer.tally().with(keys.busiest());
    }

    /** Writes what this version saves into a new file. */
    public static void main(String[] file) throws Exception {
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.open();
            harness.processElement(new StreamRecord<>(tally(new BusiestKeys(CLASSES, 2, 100))));
            OperatorSnapshotUtil.writeStateHandle(
                    harness.snapshot(1, 1), Path.of(file[0]).toAbsolutePath().toString());
        }
    }
}
