package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Target;
import io.millrace.models.metrics.KeyTally;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The scores of single keys, of a learner that is interrupted and runs at one parallelism or another. */
class WatchedKeysTest {
    private static final int KEYS = 4;
    private static final int GROUPS = 16;
    private static final int EVENTS = 3000;

    private static LearnerSpec spec(int keys) {
        return LearnerSpec.of(Learner.MODEL, Learner.PROBLEM).with(new KeyPlan(keys, 100));
    }

    /** A third of the events belong to two keys, an eighth each to two more, the others to very many. */
    private static List<Sample> samples() {
        Random random = new Random(6);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            int draw = random.nextInt(24);
            String key = draw < 8 ? "busy" + draw % 2 : draw < 14 ? "often" + draw % 2 : "rare" + random.nextInt(2000);
            float[] features = {random.nextFloat(), random.nextFloat(), 1};
            samples.add(Learner.sample(key, "e" + i, i, features, new float[] {features[0] > features[1] ? 1 : 0}));
        }
        return samples;
    }

    /** Runs a stretch of the samples at some parallelism; adds what comes out, returns the state after it. */
    private static OperatorSubtaskState run(
            List<Sample> samples,
            OperatorSubtaskState state,
            int before,
            int subtasks,
            List<Tally> tallies,
            Map<String, Prediction> predictions)
            throws Exception {
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks];
        for (int subtask = 0; subtask < subtasks; subtask++) {
            try (Learner learner = new Learner(spec(KEYS), subtasks, subtask)) {
                if (state != null) {
                    learner.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, GROUPS, before, subtasks, subtask));
                }
                learner.open();
                for (Sample sample : samples) {
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(sample.key(), GROUPS, subtasks)
                            == subtask) {
                        learner.processElement(new StreamRecord<>(sample, sample.time()));
                    }
                }
                states[subtask] = learner.checkpoint(1);
                tallies.addAll(learner.extractOutputValues());
                for (Prediction prediction : learner.side(OnlineLearner.PREDICTIONS)) {
                    predictions.put(prediction.id(), prediction);
                }
            }
        }
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    @Test
    void busyKeysHaveTheScoresOfTheirOwnPredictionsAtAnyParallelism() throws Exception {
        List<Sample> samples = samples();
        List<Tally> tallies = new ArrayList<>();
        Map<String, Prediction> predictions = new HashMap<>();
        OperatorSubtaskState state = run(samples.subList(0, 1000), null, 1, 1, tallies, predictions);
        state = run(samples.subList(1000, 2000), state, 1, 3, tallies, predictions);
        run(samples.subList(2000, EVENTS), state, 3, 1, tallies, predictions);

        Tally total = tallies.stream()
                .reduce(Tally.NONE, (sum, each) -> sum.plus(each).withBusiest(KEYS));

        assertThat(total.keys())
                .extracting(KeyTally::key)
                .containsExactlyInAnyOrder("busy0", "busy1", "often0", "often1");
        for (KeyTally key : total.keys()) {
            List<Sample> own = samples.stream()
                    .filter(sample -> sample.key().equals(key.key()))
                    .toList();
            double right = 0;
            double logLoss = 0;
            for (Sample sample : own) {
                float[] scores = predictions.get(sample.id()).scores();
                right += Target.highest(scores) == (int) sample.label()[0] ? 1 : 0;
                logLoss -= Math.log(scores[(int) sample.label()[0]]);
            }
            Scores scores = Scores.of(key.overall());
            assertThat(key.missed()).isZero();
            assertThat(scores.events()).isEqualTo(own.size()).isEqualTo(key.count());
            assertThat(scores.accuracy()).isCloseTo(right / own.size(), within(1e-12));
            assertThat(scores.logLoss()).isCloseTo(logLoss / own.size(), within(1e-9));
        }
    }

    @Test
    void restartedLearnerWatchesOnAsIfUndisturbed() throws Exception {
        List<Sample> samples = samples();
        KeyTally[] undisturbed;
        OperatorSubtaskState state;
        try (Learner learner = Learner.open(spec(1))) { // watches twenty
            learner.feed(samples.subList(0, 1500));
            state = learner.checkpoint(1);
            learner.feed(samples.subList(1500, EVENTS));
            undisturbed = last(learner);
        }
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec(1), state)) {
            learner.feed(samples.subList(1500, EVENTS));
            assertThat(last(learner)).usingRecursiveComparison().isEqualTo(undisturbed);
        }
        assertThat(undisturbed).hasSize(1);
    }

    private static KeyTally[] last(Learner learner) throws Exception {
        learner.prepareSnapshotPreBarrier(2);
        List<Tally> tallies = learner.extractOutputValues();
        return tallies.get(tallies.size() - 1).keys();
    }

    @Test
    void keysAreToldOfOnceASecondAndOnlyIfAnyWasScored() throws Exception {
        try (Learner learner = Learner.open(spec(KEYS))) {
            learner.feed(samples().subList(0, 2000));
            assertThat(learner.extractOutputValues()).hasSize(2).allMatch(tally -> tally.keys().length == 0);

            learner.setProcessingTime(1001);
            learner.setProcessingTime(5001);

            List<Tally> tallies = learner.extractOutputValues();
            assertThat(tallies).hasSize(3);
            assertThat(tallies.get(2).predictions()).isZero();
            assertThat(tallies.get(2).keys()).hasSize(KEYS);
        }
    }

    @Test
    void noKeysAreToldOfWhereNoneAreAskedFor() throws Exception {
        OperatorSubtaskState watched;
        try (Learner learner = Learner.open(spec(KEYS))) {
            learner.feed(samples().subList(0, 100));
            watched = learner.checkpoint(1);
        }
        OperatorSubtaskState unwatched;
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec(0), watched)) {
            learner.feed(samples().subList(100, 200));
            assertThat(last(learner)).isEmpty();
            unwatched = learner.checkpoint(1);
        }
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec(0), unwatched)) {
            learner.feed(samples().subList(200, 300));
            assertThat(last(learner)).isEmpty();
        }
        for (int keys : new int[] {-1, KeyPlan.MOST + 1}) {
            assertThatThrownBy(() -> new KeyPlan(keys, 100))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("keys=" + keys + " must be in [0, 100]");
        }
    }
}
