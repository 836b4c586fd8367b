package io.millrace.operators;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.ModelSpec;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.drift.HddmA;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriftTest {
    private static final int EVENTS = 2800;
    private static final int BARRIER = 1450; // in the midst of the drift

    /** Samples of seven keys whose labels are turned round in the second half. */
    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(Learner.samples(EVENTS, 7));
        for (int i = EVENTS / 2; i < EVENTS; i++) {
            Sample each = samples.get(i);
            float[] turned = {1 - each.label()[0]};
            samples.set(i, Learner.sample(each.key(), each.id(), i, each.features(), turned));
        }
        return samples;
    }

    private static LearnerSpec spec(Execution execution) {
        ModelSpec watched = Learner.MODEL.with(new OnDrift.Reset(new HddmA(0.001), null));
        return new LearnerSpec("job", watched, Learner.PROBLEM, execution, 1000, null, StatePlan.DEFAULT);
    }

    static List<Execution> executions() {
        return List.of(Execution.AUTO, Learner.DJL);
    }

    /** To the last bit, by event; the djl executor mixes the order of keys. */
    private static Map<String, String> scores(Learner learner) {
        return learner.side(OnlineLearner.PREDICTIONS).stream()
                .collect(toMap(Prediction::id, each -> Arrays.toString(each.scores())));
    }

    private static Tally tally(Learner learner) {
        return learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void driftOfEveryKeyIsCountedAcrossARestart(Execution execution) throws Exception {
        LearnerSpec spec = spec(execution);
        Tally undisturbed;
        Map<String, String> expected;
        try (Learner learner = Learner.open(spec)) {
            learner.feed(samples());
            learner.prepareSnapshotPreBarrier(1);
            undisturbed = tally(learner);
            expected = scores(learner);
        }
        OperatorSubtaskState state;
        Tally before;
        Map<String, String> scores = new HashMap<>();
        try (Learner learner = Learner.open(spec)) {
            learner.feed(samples().subList(0, BARRIER));
            state = learner.checkpoint(1);
            before = tally(learner);
            scores.putAll(scores(learner));
        }
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec, state)) {
            learner.feed(samples().subList(BARRIER, EVENTS));
            learner.prepareSnapshotPreBarrier(2);

            scores.putAll(scores(learner));
            assertThat(scores).isEqualTo(expected);
            Tally both = before.plus(tally(learner));
            assertThat(both.drifts()).isEqualTo(undisturbed.drifts()).isGreaterThanOrEqualTo(7);
            assertThat(both.models()).isEqualTo(undisturbed.models()).isEqualTo(7);
            assertThat(both.scored()).isEqualTo(EVENTS);
            assertThat(Scores.of(both).accuracy())
                    .isEqualTo(Scores.of(undisturbed).accuracy());
        }
    }

    @Test
    void eventsOfOneMicroBatchMeetTheRowThatDriftHasResetBetweenThem() throws Exception {
        List<Sample> samples = samples().stream()
                .map(each -> Learner.sample("key", each.id(), each.time(), each.features(), each.label()))
                .toList();
        List<List<Prediction>> made = new ArrayList<>();
        for (Execution execution : executions()) {
            try (Learner learner = Learner.open(spec(execution))) {
                learner.feed(samples);
                learner.prepareSnapshotPreBarrier(1);
                made.add(learner.side(OnlineLearner.PREDICTIONS));
                assertThat(tally(learner).drifts()).isPositive();
            }
        }
        int withinABatch = 0;
        for (int i = 1; i < EVENTS; i++) {
            Prediction jvm = made.get(0).get(i);
            assertThat(made.get(1).get(i).version()).isEqualTo(jvm.version());
            assertThat(made.get(1).get(i).scores()).containsExactly(jvm.scores(), within(1e-5f));
            withinABatch += jvm.version() == 0 && i % Learner.DJL.microBatch().rows() > 0 ? 1 : 0;
        }
        assertThat(withinABatch).isPositive();
    }

    @Test
    void updatesPerBatchCannotBeWatched() {
        Execution perBatch =
                new Execution(Execution.Executor.DJL, Device.CPU, Updates.PER_BATCH, Learner.DJL.microBatch());

        assertThatThrownBy(() -> spec(perBatch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("on-drift watches one event after the other");
    }
}
