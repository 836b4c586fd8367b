package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key with half of all events, and more events than anyone can execute at once. */
class HotKeyTest {
    private static final int BATCH = 16;
    private static final String HOT = "hot";

    private static LearnerSpec spec(Execution execution) {
        return new LearnerSpec("job", Learner.MODEL, Learner.PROBLEM, execution, 1000, null, StatePlan.DEFAULT);
    }

    /** Micro-batches that only their size completes: the harness's clock stands still. */
    private static Execution djl(Updates updates) {
        MicroBatch batch = new MicroBatch(BATCH, Duration.ofSeconds(10));
        return new Execution(Execution.Executor.DJL, Device.CPU, updates, batch);
    }

    /** Every other event belongs to the hot key, first of all; the others to as many keys as fit into a micro-batch. */
    private static List<Sample> samples(int count) {
        List<Sample> samples = new ArrayList<>();
        for (Sample each : Learner.samples(count, 1)) {
            long i = each.time();
            String key = i % 2 == 0 ? HOT : "key" + i / 2 % (BATCH / 2);
            samples.add(Learner.sample(key, each.id(), i, each.features(), each.label()));
        }
        return samples;
    }

    /** Rounds are what a micro-batch costs: all others are through with the first, before the hot key's second event. */
    @Test
    void othersWaitForNoneButTheFirstEventOfAHotKey() throws Exception {
        try (Learner learner = Learner.open(spec(djl(Updates.PER_EVENT)))) {
            learner.feed(samples(100 * BATCH));

            List<Prediction> made = learner.side(OnlineLearner.PREDICTIONS);
            assertThat(made).hasSize(100 * BATCH);
            for (int batch = 0; batch < 100; batch++) {
                List<String> keys = made.subList(batch * BATCH, (batch + 1) * BATCH).stream()
                        .map(Prediction::key)
                        .toList();
                Set<String> firstRound = new HashSet<>(keys.subList(0, BATCH / 2 + 1));
                assertThat(firstRound).hasSize(BATCH / 2 + 1).contains(HOT);
                assertThat(keys.subList(BATCH / 2 + 1, BATCH)).containsOnly(HOT);
            }
        }
    }

    /** Order per key, and what is learnt, are those of the events one by one. */
    @Test
    void aHotKeyChangesNothingForTheOthers() throws Exception {
        List<Sample> alone =
                samples(800).stream().filter(each -> !each.key().equals(HOT)).toList();
        Map<String, float[]> expected = new HashMap<>();
        try (Learner learner = Learner.open(spec(Execution.AUTO))) {
            learner.feed(alone);
            learner.side(OnlineLearner.PREDICTIONS).forEach(each -> expected.put(each.id(), each.scores()));
        }
        try (Learner learner = Learner.open(spec(Execution.AUTO))) {
            learner.feed(samples(800));
            for (Prediction each : learner.side(OnlineLearner.PREDICTIONS)) {
                if (!each.key().equals(HOT)) {
                    assertThat(each.scores()).as(each.id()).isEqualTo(expected.get(each.id()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFloodIsNeverGatheredBeyondOneMicroBatch(Updates updates) throws Exception {
        try (Learner learner = Learner.open(spec(djl(updates)))) {
            int fed = 0;
            for (Sample each : samples(5_003)) {
                learner.feed(List.of(each));
                fed++;
                int out = learner.getSideOutput(OnlineLearner.PREDICTIONS) == null
                        ? 0
                        : learner.getSideOutput(OnlineLearner.PREDICTIONS).size();
                if (fed - out >= BATCH) {
                    assertThat(fed - out).as("gathered after %d events", fed).isLessThan(BATCH);
                }
            }
            learner.prepareSnapshotPreBarrier(1);
            assertThat(learner.side(OnlineLearner.PREDICTIONS)).hasSize(5_003);
        }
    }
}
