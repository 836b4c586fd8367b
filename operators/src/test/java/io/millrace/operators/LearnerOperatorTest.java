package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.djl.Device;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.models.optimizer.Adam;
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
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerOperatorTest {
    private static final ModelSpec MODEL =
            new ModelSpec(List.of(new Standardize(), new Dense(5), new Relu()), null, new Adam(0.01), 1);
    private static final Problem PROBLEM = new Problem(Inputs.numeric(3), new Target.Classes(List.of("no", "yes")));

    @TempDir
    Path directory;

    private static final class Harness extends KeyedOneInputStreamOperatorTestHarness<String, Sample, Tally> {
        Harness(LearnerSpec spec, int subtasks, int subtask) throws Exception {
            super(new LearnerOperator(spec), Sample::key, Types.STRING, 16, subtasks, subtask);
        }

        void feed(List<Sample> samples) throws Exception {
            for (Sample sample : samples) {
                processElement(new StreamRecord<>(sample, sample.time()));
            }
        }

        <T> List<T> side(OutputTag<T> tag) {
            List<T> values = new ArrayList<>();
            ConcurrentLinkedQueue<StreamRecord<T>> records = getSideOutput(tag);
            if (records != null) {
                records.forEach(record -> values.add(record.getValue()));
            }
            return values;
        }
    }

    private static Harness open(LearnerSpec spec) throws Exception {
        Harness harness = new Harness(spec, 1, 0);
        harness.open();
        return harness;
    }

    private static LearnerSpec spec() {
        return LearnerSpec.of(MODEL, PROBLEM);
    }

    private static List<Sample> samples(int count) {
        Random random = new Random(11);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = {random.nextFloat(), random.nextFloat() * 100, random.nextInt(2)};
            float[] label = {features[0] > 0.5 ? 1 : 0};
            String key = "key" + random.nextInt(7);
            samples.add(new Sample(key, "e" + i, i, features, label, 1, Sample.Kind.BOTH, new Origin("t", 0, i, i)));
        }
        return samples;
    }

    private static Sample sample(String key, float feature, float[] label) {
        return new Sample(
                key, "x", 0, new float[] {feature, 1, 2}, label, 1, Sample.Kind.BOTH, new Origin("t", 1, 42, 0));
    }

    @Test
    void predictsEveryEventOnceAndCountsVersionsPerKey() throws Exception {
        try (Harness harness = open(spec())) {
            List<Sample> samples = samples(500);
            harness.feed(samples);

            List<Prediction> predictions = harness.side(OnlineLearner.PREDICTIONS);
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
        try (Harness harness = open(spec())) {
            harness.feed(samples);
            undisturbed = harness.side(OnlineLearner.PREDICTIONS);
        }
        OperatorSubtaskState state;
        try (Harness harness = open(spec())) {
            harness.feed(samples.subList(0, 250));
            state = harness.snapshot(1, 1);
            harness.feed(samples.subList(250, 400)); // lost with the crash
        }
        try (Harness harness = new Harness(spec(), 1, 0)) {
            harness.initializeState(state);
            harness.open();
            harness.feed(samples.subList(250, 600));

            List<Prediction> resumed = harness.side(OnlineLearner.PREDICTIONS);
            for (int i = 0; i < resumed.size(); i++) {
                assertThat(resumed.get(i).scores())
                        .isEqualTo(undisturbed.get(250 + i).scores());
            }
        }
    }

    private static LearnerSpec djl() {
        MicroBatch batch = new MicroBatch(16, Duration.ofMillis(5));
        Execution execution = new Execution(Execution.Executor.DJL, Device.CPU, batch);
        return new LearnerSpec("job", MODEL, PROBLEM, execution, 1000, null);
    }

    @Test
    void bothExecutorsPredictTheSame() throws Exception {
        List<Sample> samples = samples(600);
        Map<String, Prediction> expected = new HashMap<>();
        try (Harness harness = open(spec())) {
            harness.feed(samples);
            harness.side(OnlineLearner.PREDICTIONS).forEach(each -> expected.put(each.id(), each));
        }
        OperatorSubtaskState state;
        List<Prediction> predictions = new ArrayList<>();
        try (Harness harness = open(djl())) {
            harness.feed(samples.subList(0, 250));
            harness.prepareSnapshotPreBarrier(1);
            state = harness.snapshot(1, 1);
            predictions.addAll(harness.side(OnlineLearner.PREDICTIONS));
        }
        try (Harness harness = new Harness(djl(), 1, 0)) {
            harness.initializeState(state);
            harness.open();
            harness.feed(samples.subList(250, 600));
            harness.endInput();
            predictions.addAll(harness.side(OnlineLearner.PREDICTIONS));
        }

        assertThat(predictions).hasSize(600);
        for (Prediction prediction : predictions) {
            Prediction same = expected.get(prediction.id());
            assertThat(prediction.scores()).containsExactly(same.scores(), within(1e-5f));
            assertThat(prediction.version()).isEqualTo(same.version());
        }
    }

    @Test
    void gatheredSamplesLeaveWithTheTimerAtTheLatest() throws Exception {
        try (Harness harness = open(djl())) {
            harness.setProcessingTime(1000);
            harness.feed(samples(5));
            assertThat(harness.side(OnlineLearner.PREDICTIONS)).isEmpty();

            harness.setProcessingTime(1005);

            assertThat(harness.side(OnlineLearner.PREDICTIONS)).hasSize(5);
        }
    }

    @Test
    void rowsFollowTheirKeysToMoreSubtasks() throws Exception {
        List<Sample> samples = samples(600);
        OperatorSubtaskState state;
        Map<String, float[]> undisturbed = new HashMap<>();
        try (Harness harness = open(spec())) {
            harness.feed(samples.subList(0, 300));
            state = harness.snapshot(1, 1);
            harness.feed(samples.subList(300, 600));
            harness.side(OnlineLearner.PREDICTIONS).forEach(each -> undisturbed.put(each.id(), each.scores()));
        }
        int predictions = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            try (Harness harness = new Harness(spec(), 2, subtask)) {
                harness.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(state, 16, 1, 2, subtask));
                harness.open();
                for (Sample sample : samples.subList(300, 600)) {
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(sample.key(), 16, 2) == subtask) {
                        harness.processElement(new StreamRecord<>(sample, 0));
                    }
                }
                for (Prediction prediction : harness.side(OnlineLearner.PREDICTIONS)) {
                    assertThat(prediction.scores()).isEqualTo(undisturbed.get(prediction.id()));
                    predictions++;
                }
            }
        }
        assertThat(predictions).isEqualTo(300);
    }

    @Test
    void refusesAStepThatWouldSpoilTheModelAndGoesOn() throws Exception {
        try (Harness harness = open(spec())) {
            harness.feed(samples(50));
            harness.processElement(new StreamRecord<>(sample("key1", 1e30f, new float[] {1}), 0));
            harness.processElement(new StreamRecord<>(sample("key1", 1, new float[] {1}), 0));

            List<DeadLetter> letters = harness.side(OnlineLearner.DEAD_LETTERS);
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).reason()).contains("not a finite number");
            assertThat(letters.get(0).origin()).hasToString("t-1@42");
            List<Prediction> predictions = harness.side(OnlineLearner.PREDICTIONS);
            assertThat(predictions).hasSize(51);
            assertThat(predictions.get(50).scores()[0]).isBetween(0f, 1f);
        }
    }

    @Test
    void onlyPredictsWithoutALabelAndKeepsNoModelForIt() throws Exception {
        try (Harness harness = open(spec())) {
            harness.processElement(new StreamRecord<>(sample("new", 1, new float[0]), 0));
            harness.processElement(new StreamRecord<>(sample("new", 1, new float[0]), 0));

            assertThat(harness.side(OnlineLearner.PREDICTIONS))
                    .extracting(Prediction::version)
                    .containsExactly(0L, 0L);
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void talliesEveryEventBeforeTheBarrier() throws Exception {
        try (Harness harness = open(spec())) {
            harness.feed(samples(2500));
            harness.prepareSnapshotPreBarrier(1);

            List<Tally> tallies = harness.extractOutputValues();
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
        SnapshotPlan plan = new SnapshotPlan(directory.toUri().toString(), null, 100, "spec");
        LearnerSpec spec = new LearnerSpec("job", MODEL, PROBLEM, Execution.AUTO, 1000, plan);
        try (Harness harness = open(spec)) {
            harness.feed(samples(99));
            harness.snapshot(1, 1_000);
            harness.notifyOfCompletedCheckpoint(1);
            assertThat(harness.side(OnlineLearner.SNAPSHOTS)).isEmpty();

            harness.feed(samples(200).subList(99, 200));
            harness.snapshot(2, 2_000);
            harness.feed(samples(300).subList(200, 300)); // after the barrier
            harness.notifyOfCompletedCheckpoint(2);

            SnapshotTaken taken = harness.side(OnlineLearner.SNAPSHOTS).get(0);
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
}
