package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.drift.HddmA;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.metrics.Tally;
import io.millrace.models.optimizer.Sgd;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that begin, are forgotten, and begin anew. */
class LifecycleTest {
    private static final Duration TTL = Duration.ofMillis(100);
    private static final Program PROGRAM = Learner.MODEL.compile(Learner.PROBLEM);

    @TempDir
    Path directory;

    private static LearnerSpec forgetting(Execution execution, long cacheBytes) {
        return spec(execution, new StatePlan(cacheBytes, TTL, null, null, null));
    }

    private static LearnerSpec spec(Execution execution, StatePlan plan) {
        return new LearnerSpec("job", Learner.MODEL, Learner.PROBLEM, execution, 1000, null, plan);
    }

    /** Samples of keys that are silent for a while now and then, every seventh without a label, some out of order. */
    private static List<Sample> sparse(int count) {
        Random random = new Random(4);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "key" + (int) Math.pow(2, random.nextDouble(5));
            float[] features = {random.nextFloat(), random.nextFloat() * 100, random.nextInt(2)};
            float[] label = i % 7 == 0 ? new float[0] : new float[] {features[0] > 0.5 ? 1 : 0};
            samples.add(Learner.sample(key, "e" + i, i * 5L - random.nextInt(20), features, label));
        }
        return samples;
    }

    /** The scores that follow from the samples alone. */
    private static List<float[]> byHand(List<Sample> samples) {
        Map<String, float[]> rows = new HashMap<>();
        Map<String, Long> seen = new HashMap<>();
        JvmExecutor executor = new JvmExecutor(PROGRAM);
        Outcome outcome = new Outcome(2);
        List<float[]> scores = new ArrayList<>();
        for (Sample sample : samples) {
            String key = sample.key();
            if (sample.time() - seen.getOrDefault(key, sample.time()) > TTL.toMillis()) {
                rows.remove(key);
                seen.remove(key);
            }
            float[] row = rows.getOrDefault(key, PROGRAM.initialRow(key));
            executor.step(row, sample.features(), sample.label(), 1, sample.learns(), outcome);
            if (sample.labelled()) {
                rows.put(key, row);
                seen.merge(key, sample.time(), Math::max);
            }
            scores.add(outcome.scores.clone());
        }
        return scores;
    }

    private static List<Prediction> predictions(
            StateBackend backend, LearnerSpec spec, List<Sample> samples, int watermarkEvery) throws Exception {
        try (Learner learner = Learner.on(backend, spec, null)) {
            for (int i = 0; i < samples.size(); i++) {
                learner.feed(samples.subList(i, i + 1));
                if (i % watermarkEvery == 0) {
                    learner.processWatermark(new Watermark(samples.get(i).time() - 20));
                    assertThat(learner.numEventTimeTimers()).isLessThanOrEqualTo(32);
                }
            }
            learner.endInput();
            return learner.side(OnlineLearner.PREDICTIONS);
        }
    }

    @ParameterizedTest(name = "a watermark every {0} events")
    @ValueSource(ints = {1, 40, 1_000_000})
    void whatIsForgottenFollowsFromTheEventsAlone(int watermarkEvery) throws Exception {
        List<Sample> samples = sparse(2000);
        List<float[]> expected = byHand(samples);

        List<Prediction> onTheHeap =
                predictions(new HashMapStateBackend(), forgetting(Execution.AUTO, 1 << 20), samples, watermarkEvery);
        List<Prediction> onRocksDb = predictions(
                new EmbeddedRocksDBStateBackend(), forgetting(Execution.AUTO, 1500), samples, watermarkEvery);

        for (int i = 0; i < samples.size(); i++) {
            assertThat(onTheHeap.get(i).scores()).as("event %d", i).isEqualTo(expected.get(i));
            assertThat(onRocksDb.get(i).scores()).as("event %d", i).isEqualTo(expected.get(i));
        }
        assertThat(onTheHeap.stream().filter(each -> each.version() == 0).count())
                .as("so many keys began, often again")
                .isGreaterThan(50);
    }

    @Test
    void aBatchOfOneKeyStaysTogetherWhenModelsAreForgotten() throws Exception {
        List<Sample> samples = sparse(500);
        Execution perBatch = new Execution(
                Execution.Executor.AUTO, Device.CPU, Updates.PER_BATCH, new MicroBatch(16, Duration.ofMillis(5)));

        assertThat(predictions(new HashMapStateBackend(), forgetting(perBatch, 1 << 20), samples, 1_000_000))
                .hasSameSizeAs(samples);
    }

    @Test
    void bothExecutorsForgetAlike() throws Exception {
        List<Sample> samples = sparse(1000);
        Map<String, Long> versions = new HashMap<>();
        predictions(new HashMapStateBackend(), forgetting(Execution.AUTO, 1), samples, 40)
                .forEach(each -> versions.put(each.id(), each.version()));

        for (Prediction each : predictions(new HashMapStateBackend(), forgetting(Learner.DJL, 1), samples, 40)) {
            assertThat(each.version()).as(each.id()).isEqualTo(versions.get(each.id()));
        }
    }

    @Test
    void aForgottenModelLeavesNeitherStateNorTimerAndIsCounted() throws Exception {
        try (Learner learner = Learner.open(forgetting(Execution.AUTO, 1 << 20))) {
            learner.feed(Learner.samples(50, 7)); // times 0 to 49
            assertThat(learner.numEventTimeTimers()).isEqualTo(7);
            learner.processWatermark(new Watermark(200));
            assertThat(learner.numKeyedStateEntries()).isEqualTo(7);

            learner.processWatermark(new Watermark(249));
            assertThat(learner.numKeyedStateEntries()).isZero();
            assertThat(learner.numEventTimeTimers()).isZero();

            learner.endInput();
            Tally tally = learner.extractOutputValues().stream()
                    .map(Tally.class::cast)
                    .reduce(Tally.NONE, Tally::plus);
            assertThat(tally.expired()).isEqualTo(7);
        }
    }

    @Test
    void theEndOfTheInputForgetsNothing() throws Exception {
        try (Learner learner = Learner.open(forgetting(Execution.AUTO, 1 << 20))) {
            learner.feed(Learner.samples(50, 7));
            learner.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(learner.numKeyedStateEntries()).isEqualTo(7);
        }
    }

    @Test
    void modelsOfAJobThatForgotNothingAreForgottenOnceItDoes() throws Exception {
        OperatorSubtaskState state;
        try (Learner learner = Learner.open(LearnerSpec.of(Learner.MODEL, Learner.PROBLEM))) {
            learner.feed(Learner.samples(50, 7));
            state = learner.checkpoint(1);
        }
        try (Learner learner = Learner.on(new HashMapStateBackend(), forgetting(Execution.AUTO, 1 << 20), state)) {
            assertThat(learner.numKeyedStateEntries()).isEqualTo(7);
            learner.processWatermark(new Watermark(249));
            assertThat(learner.numKeyedStateEntries()).isZero();
        }
    }

    private String snapshotOf(List<Sample> samples) throws Exception {
        return snapshotOf(Learner.MODEL, samples);
    }

    private String snapshotOf(ModelSpec model, List<Sample> samples) throws Exception {
        SnapshotPlan plan = new SnapshotPlan(directory.toUri().toString(), null, 1, "");
        LearnerSpec spec =
                new LearnerSpec("job", model, Learner.PROBLEM, Execution.AUTO, 1000, plan, StatePlan.DEFAULT);
        try (Learner learner = Learner.open(spec)) {
            learner.feed(samples);
            learner.checkpoint(1);
            learner.notifyOfCompletedCheckpoint(1);
            return learner.side(OnlineLearner.SNAPSHOTS).get(0).directory();
        }
    }

    @Test
    void aWarmStartContinuesAsIfTheJobHadNeverStopped() throws Exception {
        List<Sample> samples = Learner.samples(600, 7);
        List<Prediction> undisturbed;
        try (Learner learner = Learner.open(LearnerSpec.of(Learner.MODEL, Learner.PROBLEM))) {
            learner.feed(samples);
            undisturbed = learner.side(OnlineLearner.PREDICTIONS).subList(300, 600);
        }
        String snapshot = snapshotOf(samples.subList(0, 300));
        StatePlan warm = new StatePlan(1 << 20, null, null, snapshot, null);
        for (StateBackend backend : List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
            try (Learner learner = Learner.on(backend, spec(Execution.AUTO, warm), null)) {
                learner.feed(samples.subList(300, 600));
                List<Prediction> made = learner.side(OnlineLearner.PREDICTIONS);
                for (int i = 0; i < 300; i++) {
                    assertThat(made.get(i).scores())
                            .isEqualTo(undisturbed.get(i).scores());
                    assertThat(made.get(i).version())
                            .isEqualTo(undisturbed.get(i).version());
                }
            }
        }
    }

    @Test
    void newKeysBeginWithThePriorButCountFromZero() throws Exception {
        List<Sample> samples = Learner.samples(300, 7);
        String snapshot = snapshotOf(samples);
        Sample known = Learner.sample("key3", "a", 400, new float[] {0.9f, 50, 1}, new float[0]);
        float[] scores;
        try (Learner learner = Learner.open(spec(Execution.AUTO, new StatePlan(1 << 20, null, null, snapshot, null)))) {
            learner.feed(List.of(known));
            scores = learner.side(OnlineLearner.PREDICTIONS).get(0).scores();
        }
        Prior prior = new Prior(snapshot, "key3");
        try (Learner learner = Learner.open(spec(Execution.AUTO, new StatePlan(1 << 20, null, prior, null, null)))) {
            learner.feed(List.of(Learner.sample("another", "b", 400, known.features(), new float[0])));
            Prediction made = learner.side(OnlineLearner.PREDICTIONS).get(0);
            assertThat(made.scores()).isEqualTo(scores);
            assertThat(made.version()).isZero();
        }
    }

    @Test
    void snapshotsThatDoNotFitAreRefusedByName() throws Exception {
        String snapshot = snapshotOf(Learner.samples(30, 7));
        Program other = new ModelSpec(List.of(new Dense(4)), null, new Sgd(0.1), 1).compile(Learner.PROBLEM);
        Path empty = directory.resolve("empty");
        Prior nobody = new Prior(snapshot, "nobody");
        String difference = "the models of " + snapshot
                + " have another layout than the job's: where the saved rows have"
                + " 'parameters 1.dense.weight [3, 5]', the job's have 'parameters 0.dense.weight [3, 4]'";

        assertThat(new StatePlan(1, null, new Prior(snapshot, "key3"), snapshot, null).faults(PROGRAM))
                .isEmpty();
        assertThat(new StatePlan(1, null, nobody, empty.toString(), null).faults(PROGRAM))
                .isEqualTo(Map.of(
                        "prior.key", "the snapshot " + snapshot + " has no model of the key \"nobody\"",
                        "warm-start", empty + " is no snapshot: it has no manifest.json"));
        assertThat(new StatePlan(1, null, nobody, snapshot, null).faults(other))
                .isEqualTo(Map.of("prior.snapshot", difference, "warm-start", difference));
        assertThat(new StatePlan(1, null, nobody, snapshot, null).faults(null)).isEmpty();
        StatePlan warm = new StatePlan(1, null, null, snapshot, null);
        assertThatThrownBy(() -> OnlineLearner.of(
                        new LearnerSpec("j", other.spec(), Learner.PROBLEM, Execution.AUTO, 1, null, warm)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("state.warm-start: " + difference);
    }

    @Test
    void modelsOutliveTheLabelsTheyWaitFor() {
        StatePlan hour = new StatePlan(1, Duration.ofHours(1), null, null, null);

        assertThatThrownBy(() -> spec(Execution.AUTO, hour).with(LabelJoin.within(Duration.ofHours(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl=PT1H must be >= timeout=PT2H of the label join: a model would be forgotten before the"
                        + " labels it waits for");
    }

    /** Twice such a time behind an event was before all events, and every model was removed at once. */
    @Test
    void noModelIsToBeForgottenAfterAges() {
        Duration ages = Duration.ofDays(60_000_000_000L);

        assertThatThrownBy(() -> new StatePlan(1, ages, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl=" + ages + " must be >= 1 ms and <= 36500 days");
    }

    static List<Execution> executions() {
        return List.of(Execution.AUTO, Learner.DJL);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void driftResetsToThePrior(Execution execution) throws Exception {
        ModelSpec watched = Learner.MODEL.with(new OnDrift.Reset(new HddmA(0.001), null));
        Prior prior = new Prior(snapshotOf(watched, Learner.samples(300, 7)), "key3");
        StatePlan plan = new StatePlan(1 << 20, null, prior, null, null);
        LearnerSpec spec = new LearnerSpec("job", watched, Learner.PROBLEM, execution, 1000, null, plan);
        List<Sample> samples = new ArrayList<>();
        for (Sample each : Learner.samples(1_000, 1)) {
            float label = each.time() < 500 ? each.label()[0] : 1 - each.label()[0];
            samples.add(Learner.sample("key", each.id(), each.time(), each.features(), new float[] {label}));
        }
        int resets = 0;
        try (Learner learner = Learner.open(spec);
                Learner fresh = Learner.open(spec)) {
            learner.feed(samples);
            learner.prepareSnapshotPreBarrier(1);
            List<Prediction> made = learner.side(OnlineLearner.PREDICTIONS);
            for (int i = 1; i < made.size(); i++) {
                if (made.get(i).version() == 0) {
                    resets++;
                    fresh.feed(List.of(
                            Learner.sample("new" + i, "e", i, samples.get(i).features(), new float[0])));
                    fresh.prepareSnapshotPreBarrier(i);
                    assertThat(made.get(i).scores())
                            .isEqualTo(fresh.side(OnlineLearner.PREDICTIONS)
                                    .get(resets - 1)
                                    .scores());
                }
            }
        }
        assertThat(resets).isPositive();
    }
}
