package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerOperatorTest {
    private static final ModelSpec MODEL = Learner.MODEL;
    private static final Problem PROBLEM = Learner.PROBLEM;

    @TempDir
    Path directory;

    private static LearnerSpec spec() {
        return LearnerSpec.of(MODEL, PROBLEM);
    }

    private static List<Sample> samples(int count) {
        return Learner.samples(count, 7);
    }

    private static Sample sample(String key, float feature, float[] label) {
        return new Sample(
                key, "x", 0, new float[] {feature, 1, 2}, label, 1, Sample.Kind.BOTH, new Origin("t", 1, 42, 0));
    }

    @Test
    void predictsEveryEventOnceAndCountsVersionsPerKey() throws Exception {
        try (Learner learner = Learner.open(spec())) {
            List<Sample> samples = samples(500);
            learner.feed(samples);

            List<Prediction> predictions = learner.side(OnlineLearner.PREDICTIONS);
            assertThat(predictions)
                    .extracting(Prediction::id)
                    .containsExactlyElementsOf(samples.stream().map(Sample::id).toList());
            Map<String, Long> versions = new HashMap<>();
            for (Prediction prediction : predictions) {
                assertThat(prediction.version()).isEqualTo(versions.getOrDefault(prediction.key(), 0L));
                versions.put(prediction.key(), prediction.version() + 1);
                assertThat(prediction.scores()[0] + prediction.scores()[1]).isBetween(0.9999f, 1.0001f);
            }
        }
    }

    @Test
    void restartedOperatorContinuesWhereItStopped() throws Exception {
        List<Sample> samples = samples(600);
        List<Prediction> undisturbed;
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples);
            undisturbed = learner.side(OnlineLearner.PREDICTIONS);
        }
        OperatorSubtaskState state;
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples.subList(0, 250));
            state = learner.snapshot(1, 1);
            learner.feed(samples.subList(250, 400)); // lost with the crash
        }
        try (Learner learner = new Learner(spec(), 1, 0)) {
            learner.initializeState(state);
            learner.open();
            learner.feed(samples.subList(250, 600));

            List<Prediction> resumed = learner.side(OnlineLearner.PREDICTIONS);
            for (int i = 0; i < resumed.size(); i++) {
                assertThat(resumed.get(i).scores())
                        .isEqualTo(undisturbed.get(250 + i).scores());
            }
        }
    }

    private static LearnerSpec djl() {
        return new LearnerSpec("job", MODEL, PROBLEM, Learner.DJL, 1000, null, StatePlan.DEFAULT);
    }

    @Test
    void bothExecutorsPredictTheSame() throws Exception {
        List<Sample> samples = samples(600);
        Map<String, Prediction> expected = new HashMap<>();
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples);
            learner.side(OnlineLearner.PREDICTIONS).forEach(each -> expected.put(each.id(), each));
        }
        OperatorSubtaskState state;
        List<Prediction> predictions = new ArrayList<>();
        try (Learner learner = Learner.open(djl())) {
            learner.feed(samples.subList(0, 250));
            learner.prepareSnapshotPreBarrier(1);
            state = learner.snapshot(1, 1);
            predictions.addAll(learner.side(OnlineLearner.PREDICTIONS));
        }
        try (Learner learner = new Learner(djl(), 1, 0)) {
            learner.initializeState(state);
            learner.open();
            learner.feed(samples.subList(250, 600));
            learner.endInput();
            predictions.addAll(learner.side(OnlineLearner.PREDICTIONS));
        }

        assertThat(predictions).hasSize(600);
        for (Prediction prediction : predictions) {
            Prediction same = expected.get(prediction.id());
            assertThat(prediction.scores()).containsExactly(same.scores(), within(1e-5f));
            assertThat(prediction.version()).isEqualTo(same.version());
        }
    }

    @Test
    void updatesPerBatchCountOneForAllThatAKeyHasInAGathering() throws Exception {
        int gathered = 16;
        MicroBatch microBatch = new MicroBatch(gathered, Duration.ofMillis(5));
        Execution perBatch = new Execution(Execution.Executor.AUTO, Device.CPU, Updates.PER_BATCH, microBatch);
        List<Sample> samples = samples(10 * gathered);
        try (Learner learner =
                Learner.open(new LearnerSpec("job", MODEL, PROBLEM, perBatch, 1000, null, StatePlan.DEFAULT))) {
            learner.feed(samples);

            Map<String, Prediction> made = new HashMap<>();
            learner.<Prediction>side(OnlineLearner.PREDICTIONS).forEach(each -> made.put(each.id(), each));
            assertThat(made).hasSameSizeAs(samples);
            Map<String, Long> versions = new HashMap<>();
            for (int from = 0; from < samples.size(); from += gathered) {
                List<Sample> gathering = samples.subList(from, from + gathered);
                gathering.forEach(each ->
                        assertThat(made.get(each.id()).version()).isEqualTo(versions.getOrDefault(each.key(), 0L)));
                gathering.stream().map(Sample::key).distinct().forEach(key -> versions.merge(key, 1L, Long::sum));
            }
        }
    }

    @Test
    void gatheredSamplesLeaveWithTheTimerAtTheLatest() throws Exception {
        try (Learner learner = Learner.open(djl())) {
            learner.setProcessingTime(1000);
            learner.feed(samples(5));
            assertThat(learner.side(OnlineLearner.PREDICTIONS)).isEmpty();

            learner.setProcessingTime(1005);

            assertThat(learner.side(OnlineLearner.PREDICTIONS)).hasSize(5);
        }
    }

    @Test
    void rowsFollowTheirKeysToMoreSubtasks() throws Exception {
        List<Sample> samples = samples(600);
        OperatorSubtaskState state;
        Map<String, float[]> undisturbed = new HashMap<>();
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples.subList(0, 300));
            state = learner.snapshot(1, 1);
            learner.feed(samples.subList(300, 600));
            learner.side(OnlineLearner.PREDICTIONS).forEach(each -> undisturbed.put(each.id(), each.scores()));
        }
        int predictions = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            try (Learner learner = new Learner(spec(), 2, subtask)) {
                learner.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(state, 16, 1, 2, subtask));
                learner.open();
                for (Sample sample : samples.subList(300, 600)) {
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(sample.key(), 16, 2) == subtask) {
                        learner.processElement(new StreamRecord<>(sample, 0));
                    }
                }
                for (Prediction prediction : learner.side(OnlineLearner.PREDICTIONS)) {
                    assertThat(prediction.scores()).isEqualTo(undisturbed.get(prediction.id()));
                    predictions++;
                }
            }
        }
        assertThat(predictions).isEqualTo(300);
    }

    @Test
    void refusesAStepThatWouldSpoilTheModelAndGoesOn() throws Exception {
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples(50));
            learner.processElement(new StreamRecord<>(sample("key1", 1e30f, new float[] {1}), 0));
            learner.processElement(new StreamRecord<>(sample("key1", 1, new float[] {1}), 0));

            List<DeadLetter> letters = learner.side(OnlineLearner.DEAD_LETTERS);
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).reason()).contains("not a finite number");
            assertThat(letters.get(0).origin()).hasToString("t-1@42");
            List<Prediction> predictions = learner.side(OnlineLearner.PREDICTIONS);
            assertThat(predictions).hasSize(51);
            assertThat(predictions.get(50).scores()[0]).isBetween(0f, 1f);
        }
    }

    @Test
    void samplesOfAnotherProblemAreDeadLettersAndLeaveNoTrace() throws Exception {
        List<Sample> good = samples(20);
        float[] no = {0};
        List<Sample> bad = List.of(
                Learner.sample("key1", "a", 1, new float[4], no),
                Learner.sample("key1", "b", 1, new float[3], new float[] {2}),
                Learner.sample("key1", "c", 1, new float[3], new float[] {Float.NaN}),
                new Sample("key1", "d", 1, new float[3], no, -1, Sample.Kind.BOTH, new Origin("t", 1, 42, 0)));
        for (Execution execution : List.of(Execution.AUTO, Learner.DJL)) {
            LearnerSpec spec = new LearnerSpec("job", MODEL, PROBLEM, execution, 1000, null, StatePlan.DEFAULT);
            try (Learner learner = Learner.open(spec)) {
                learner.feed(bad);
                learner.feed(good);
                learner.endInput();

                assertThat(learner.side(OnlineLearner.DEAD_LETTERS))
                        .extracting(DeadLetter::reason)
                        .containsExactly(
                                "features.length=4 must equal width=3",
                                "label=[2.0] is none of what the model predicts",
                                "label=[NaN] is none of what the model predicts",
                                "weight=-1.0 must be finite and >= 0");
                assertThat(learner.side(OnlineLearner.PREDICTIONS)).hasSize(20);
                Tally tally = learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
                assertThat(tally.deadLetters()).isEqualTo(4);
                assertThat(tally.updates()).isEqualTo(20);
            }
        }
    }

    @Test
    void onlyPredictsWithoutALabelAndKeepsNoModelForIt() throws Exception {
        try (Learner learner = Learner.open(spec())) {
            learner.processElement(new StreamRecord<>(sample("new", 1, new float[0]), 0));
            learner.processElement(new StreamRecord<>(sample("new", 1, new float[0]), 0));

            assertThat(learner.side(OnlineLearner.PREDICTIONS))
                    .extracting(Prediction::version)
                    .containsExactly(0L, 0L);
            assertThat(learner.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void talliesEveryEventBeforeTheBarrier() throws Exception {
        try (Learner learner = Learner.open(spec())) {
            learner.feed(samples(2500));
            learner.prepareSnapshotPreBarrier(1);

            List<Tally> tallies = learner.extractOutputValues();
            Tally overall = tallies.stream().reduce(Tally.NONE, Tally::plus);
            assertThat(tallies).hasSize(3);
            assertThat(overall.predictions()).isEqualTo(2500);
            assertThat(overall.updates()).isEqualTo(2500);
            assertThat(overall.models()).isEqualTo(7);
            assertThat(Scores.of(overall).accuracy()).isGreaterThan(0.8);
        }
    }

    @Test
    void snapshotHoldsTheRowsOfItsCheckpoint() throws Exception {
        try (Learner learner = Learner.open(snapshotsAfter(100))) {
            learner.feed(samples(99));
            learner.snapshot(1, 1_000);
            learner.notifyOfCompletedCheckpoint(1);
            assertThat(learner.side(OnlineLearner.SNAPSHOTS)).isEmpty();

            learner.feed(samples(200).subList(99, 200));
            learner.snapshot(2, 2_000);
            learner.feed(samples(300).subList(200, 300)); // after the barrier
            learner.notifyOfCompletedCheckpoint(2);

            SnapshotTaken taken = learner.side(OnlineLearner.SNAPSHOTS).get(0);
            Map<String, Long> updates = new HashMap<>();
            Snapshot.open(Path.of(URI.create(taken.directory())))
                    .forEach((key, row) ->
                            updates.put(key, MODEL.compile(PROBLEM).updates(row)));
            assertThat(updates).hasSize(7);
            assertThat(updates.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(200);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void eventsBetweenABarrierAndItsCompletionCountForTheNextSnapshot() throws Exception {
        try (Learner learner = Learner.open(snapshotsAfter(10))) {
            learner.feed(Learner.samples(10, 3));
            learner.checkpoint(1);
            learner.feed(Learner.samples(6, 3));
            learner.notifyOfCompletedCheckpoint(1);
            learner.feed(Learner.samples(3, 3));
            learner.checkpoint(2); // the ninth event since the first barrier
            learner.notifyOfCompletedCheckpoint(2);
            learner.feed(Learner.samples(1, 3));
            learner.checkpoint(3);
            learner.notifyOfCompletedCheckpoint(3);

            assertThat(learner.side(OnlineLearner.SNAPSHOTS))
                    .extracting(SnapshotTaken::checkpoint)
                    .containsExactly(1L, 3L);
        }
    }

    @Test
    void theFirstSnapshotAfterTheEndIsTheLast() throws Exception {
        try (Learner learner = Learner.open(snapshotsAtTheEnd())) {
            learner.feed(samples(50));
            learner.endInput();
            learner.snapshot(1, 1_000);
            learner.snapshot(2, 2_000); // begun before the first was known to be complete; the job ends in between
            learner.notifyOfCompletedCheckpoint(1);

            assertThat(learner.side(OnlineLearner.SNAPSHOTS)).hasSize(1);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void theSnapshotAtTheEndIsTakenAgainIfItsCheckpointFails() throws Exception {
        try (Learner learner = Learner.open(snapshotsAtTheEnd())) {
            learner.feed(samples(50));
            learner.endInput();
            learner.snapshot(1, 1_000);
            learner.getOperator().notifyCheckpointAborted(1);
            learner.snapshot(2, 2_000);
            learner.notifyOfCompletedCheckpoint(2);

            assertThat(learner.side(OnlineLearner.SNAPSHOTS))
                    .extracting(SnapshotTaken::checkpoint)
                    .containsExactly(2L);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void theSnapshotAtTheEndIsTakenAgainIfItsFailureIsHeardOfLate() throws Exception {
        try (Learner learner = Learner.open(snapshotsAtTheEnd())) {
            learner.feed(samples(50));
            learner.endInput();
            learner.snapshot(1, 1_000);
            learner.snapshot(2, 2_000);
            learner.getOperator().notifyCheckpointAborted(1);
            learner.notifyOfCompletedCheckpoint(2);

            assertThat(learner.side(OnlineLearner.SNAPSHOTS))
                    .extracting(SnapshotTaken::checkpoint)
                    .containsExactly(2L);
        }
    }

    private LearnerSpec snapshotsAtTheEnd() {
        return snapshotsAfter(0);
    }

    private LearnerSpec snapshotsAfter(long events) {
        SnapshotPlan plan = new SnapshotPlan(directory.toUri().toString(), null, events, "spec");
        return new LearnerSpec("job", MODEL, PROBLEM, Execution.AUTO, 1000, plan, StatePlan.DEFAULT);
    }
}
