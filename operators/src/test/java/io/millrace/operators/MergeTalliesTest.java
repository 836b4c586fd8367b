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
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class MergeTalliesTest {
    private static final Telemetry.Span SPAN = new Telemetry.Span(100, 20);

    private static OneInputStreamOperatorTestHarness<Tally, Telemetry> harness() throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new MergeTallies(SPAN, 2)));
    }

    /** Events of one class, rightly or wrongly predicted. */
    private static Tally tally(int events, boolean right) {
        Scorer scorer = new Scorer(new Target.Classes(List.of("no", "yes")));
        for (int i = 0; i < events; i++) {
            scorer.score(right ? new float[] {1, 0} : new float[] {0, 1}, new float[1], Float.NaN);
            scorer.predicted(0);
        }
        return scorer.tally();
    }

    private static Telemetry last(OneInputStreamOperatorTestHarness<Tally, Telemetry> harness) {
        List<Telemetry> all = harness.extractOutputValues();
        return all.get(all.size() - 1);
    }

    private static double accuracy(Sums sums) {
        return Objects.requireNonNull(Scores.of(sums).accuracy());
    }

    @Test
    void slidingWindowForgetsWhatIsOlderThanItsEvents() throws Exception {
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.open();
            for (int i = 0; i < 500; i++) {
                harness.processElement(new StreamRecord<>(tally(1, false)));
            }
            for (int i = 0; i < 102; i++) {
                harness.processElement(new StreamRecord<>(tally(1, true)));
            }

            Telemetry now = last(harness);
            assertThat(now.recent().scored()).isBetween(100.0, 102.0);
            assertThat(accuracy(now.recent())).isEqualTo(1);
            assertThat(accuracy(now.overall().sums())).isCloseTo(102 / 602.0, within(1e-12));
        }
    }

    @Test
    void fadedEventsCountHalfAfterTheirHalfLifeByHand() throws Exception {
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.open();
            harness.processElement(new StreamRecord<>(tally(10, false)));
            harness.processElement(new StreamRecord<>(tally(20, true)));

            assertThat(last(harness).faded().scored()).isCloseTo(25, within(1e-12));
            assertThat(accuracy(last(harness).faded())).isCloseTo(20 / 25.0, within(1e-12));
        }
    }

    @Test
    void restartedOperatorContinuesWhereItStopped() throws Exception {
        Telemetry undisturbed;
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.open();
            for (int i = 0; i < 30; i++) {
                harness.processElement(new StreamRecord<>(tally(7, i % 3 == 0)));
            }
            state = harness.snapshot(1, 1);
            harness.processElement(new StreamRecord<>(tally(5, true)));
            undisturbed = last(harness);
        }
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.setup(TypeInformation.of(Telemetry.class)
                    .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
            harness.initializeState(state);
            harness.open();
            harness.processElement(new StreamRecord<>(tally(5, true)));

            Telemetry resumed = last(harness);
            assertThat(resumed.recent().values()).isEqualTo(undisturbed.recent().values());
            assertThat(resumed.faded().values()).isEqualTo(undisturbed.faded().values());
            assertThat(resumed.overall().sums().values())
                    .isEqualTo(undisturbed.overall().sums().values());
        }
    }

    private static Tally keys(String... names) {
        Target target = new Target.Classes(List.of("no", "yes"));
        BusiestKeys keys = new BusiestKeys(target, names.length, 10);
        Scorer scorer = new Scorer(target, 0.5, keys);
        for (String name : names) {
            scorer.score(name, new float[] {1, 0}, new float[1], Float.NaN, Float.NaN);
        }
        return scorer.tally().with(keys.busiest());
    }

    @Test
    void tellsOfTheBusiestKeysOfAllSubtasksAlsoAfterARestartWithFewer() throws Exception {
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness = harness()) {
            harness.open();
            harness.processElement(new StreamRecord<>(keys("a", "b", "b")));
            harness.processElement(new StreamRecord<>(keys("c", "c", "c")));
            harness.processElement(new StreamRecord<>(tally(1, true)));

            assertThat(last(harness).overall().keys()).extracting(KeyTally::key).containsExactly("c", "b");
            assertThat(last(harness).window().keys()).isEmpty();
            state = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<Tally, Telemetry> harness =
                new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new MergeTallies(SPAN, 1)))) {
            harness.setup(TypeInformation.of(Telemetry.class)
                    .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
            harness.initializeState(state);
            harness.open();
            harness.processElement(new StreamRecord<>(tally(1, true)));

            KeyTally[] keys = last(harness).overall().keys();
            assertThat(keys).extracting(KeyTally::key).containsExactly("c");
            assertThat(keys[0].overall().scored()).isEqualTo(3);
        }
    }
}
