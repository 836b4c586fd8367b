package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Joins;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One test for every row of the table of label outcomes in docs/job-spec.md. */
class PendingLabelsTest {
    private static final long TIMEOUT = 1_000;
    private static final LabelJoin DROP = new LabelJoin(Duration.ofMillis(TIMEOUT), new float[0], 3);
    private static final LabelJoin ASSUME_NO = new LabelJoin(Duration.ofMillis(TIMEOUT), new float[] {0}, 3);
    private static final int EVENTS = 10_000;
    private static final int KEYS = 100;
    private static final float[] FEATURES = {0.4f, 3, 1};

    private Learner learner;

    @BeforeEach
    void open() throws Exception {
        learner = Learner.open(spec(DROP));
    }

    @AfterEach
    void close() throws Exception {
        learner.close();
    }

    private static LearnerSpec spec(LabelJoin join) {
        return LearnerSpec.of(Learner.MODEL, Learner.PROBLEM).with(join);
    }

    private void event(String id, long time) throws Exception {
        feed(Learner.sample("card", id, time, FEATURES, new float[0]));
    }

    private void eventWithLabel(String id, long time, float label) throws Exception {
        feed(Learner.sample("card", id, time, FEATURES, new float[] {label}));
    }

    private void label(String id, long time, float label) throws Exception {
        feed(new Sample(
                "card",
                id,
                time,
                new float[0],
                new float[] {label},
                1,
                Sample.Kind.LABEL,
                new Origin("labels", 0, time, time)));
    }

    private void feed(Sample sample) throws Exception {
        learner.processElement(new StreamRecord<>(sample, sample.time()));
    }

    private void passes(long time) throws Exception {
        learner.processWatermark(new Watermark(time));
    }

    private Tally tally() throws Exception {
        learner.prepareSnapshotPreBarrier(1);
        return learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
    }

    /** Holds the counts of all fates against those that are given; every other must be zero. */
    private Tally counted(Map<Fate, Integer> expected) throws Exception {
        Tally tally = tally();
        Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
        for (Fate fate : Fate.values()) {
            int count = (int) tally.joins().count(fate);
            if (count > 0) {
                counts.put(fate, count);
            }
        }
        assertThat(counts).isEqualTo(expected);
        return tally;
    }

    /** Holds the log-loss against that of the first predictions, in order, and their labels. */
    private void lossOfPredictions(Tally tally, int... labels) {
        List<Prediction> made = learner.side(OnlineLearner.PREDICTIONS);
        double losses = 0;
        for (int i = 0; i < labels.length; i++) {
            losses -= Math.log(made.get(i).scores()[labels[i]]);
        }
        assertThat(Scores.of(tally).logLoss()).isCloseTo(losses / labels.length, within(1e-6));
    }

    private List<Long> versions() {
        return learner.side(OnlineLearner.PREDICTIONS).stream()
                .map(Prediction::version)
                .toList();
    }

    @Test
    void anAssumedLabelMustBeOneOfTheTarget() {
        assertThatThrownBy(() -> spec(new LabelJoin(Duration.ofMillis(TIMEOUT), new float[] {2}, 3)))
                .hasMessage("onTimeout=[2.0] is no label of the target");
    }

    @Test
    void joined() throws Exception {
        event("a", 10);
        event("b", 20);
        assertThat(versions()).containsExactly(0L, 0L);

        label("a", 150, 1);
        event("c", 160);

        assertThat(versions()).containsExactly(0L, 0L, 1L);
        Tally tally = counted(Map.of(Fate.AWAITED, 3, Fate.JOINED, 1));
        assertThat(tally.updates()).isEqualTo(1);
        assertThat(tally.joins().pending()).isEqualTo(2);
        assertThat(tally.joins().delayMillis(50)).isEqualTo(140);
    }

    @Test
    void joinedWithTheScoresOfTheTimeAndWhatNoChangeKnewThen() throws Exception {
        eventWithLabel("first", 5, 1);
        event("a", 10); // no-change says 1, as the first label did
        eventWithLabel("b", 20, 0); // no-change is wrong
        label("a", 150, 1); // no-change was right: 0 had not come yet

        Tally tally = counted(Map.of(Fate.AWAITED, 3, Fate.JOINED, 3));
        List<Prediction> made = learner.side(OnlineLearner.PREDICTIONS);
        assertThat(made).hasSize(3);
        assertThat(Scores.of(tally).baselines().noChange().accuracy()).isCloseTo(1 / 3.0, within(1e-9));
        lossOfPredictions(tally, 1, 1, 0);
    }

    @Test
    void late() throws Exception {
        event("a", 10);
        event("b", 20);
        label("a", 10 + TIMEOUT + 1, 1); // its own time says so, before any watermark does
        passes(20 + TIMEOUT);
        label("b", 30, 1); // its time is early enough, but it came when the timeout was over

        Tally tally = counted(Map.of(Fate.AWAITED, 2, Fate.LATE, 2, Fate.NEVER, 2));
        assertThat(tally.updates()).isZero();
    }

    @Test
    void early() throws Exception {
        label("a", 5, 1);
        assertThat(versions()).isEmpty();
        counted(Map.of(Fate.EARLY, 1));

        event("a", 10);
        event("b", 20);

        assertThat(versions()).containsExactly(0L, 1L);
        Tally tally = counted(Map.of(Fate.EARLY, 1, Fate.AWAITED, 2, Fate.JOINED, 1));
        assertThat(tally.scored()).isEqualTo(1);
    }

    @Test
    void twice() throws Exception {
        event("a", 10);
        event("a", 11); // predicted again, but awaited once
        label("a", 20, 1);
        label("a", 30, 1);
        label("b", 40, 0);
        label("b", 50, 0);
        event("b", 60);
        event("c", 70);

        assertThat(versions()).containsExactly(0L, 0L, 1L, 2L);
        Tally tally = counted(Map.of(Fate.AWAITED, 3, Fate.JOINED, 2, Fate.EARLY, 1, Fate.TWICE, 3));
        assertThat(tally.updates()).isEqualTo(2);
        assertThat(tally.scored()).isEqualTo(2);
    }

    @Test
    void corrected() throws Exception {
        event("a", 10);
        label("a", 20, 1);
        label("a", 30, 0); // learnt, too
        label("a", 40, 0); // known by now
        label("b", 50, 1);
        label("b", 60, 0); // takes the place of the other
        event("b", 70);

        Tally tally = counted(Map.of(Fate.AWAITED, 2, Fate.JOINED, 2, Fate.EARLY, 1, Fate.TWICE, 1, Fate.CORRECTED, 2));
        assertThat(tally.updates()).isEqualTo(3);
        assertThat(tally.scored()).isEqualTo(2);
        lossOfPredictions(tally, 1, 0);
    }

    @Test
    void never() throws Exception {
        event("a", 10);
        passes(10 + TIMEOUT - 1);
        counted(Map.of(Fate.AWAITED, 1));

        passes(10 + TIMEOUT);

        Tally tally = counted(Map.of(Fate.AWAITED, 1, Fate.NEVER, 1));
        assertThat(tally.updates()).isZero();
        assertThat(tally.scored()).isZero();
        assertThat(tally.joins().pending()).isZero();
    }

    @Test
    void neverWithAnAssumedLabel() throws Exception {
        close();
        learner = Learner.open(spec(ASSUME_NO));
        event("a", 10);
        event("b", 20);
        label("b", 30, 1);
        passes(10 + TIMEOUT);
        event("c", 2_000);

        assertThat(versions()).containsExactly(0L, 0L, 2L);
        Tally tally = counted(Map.of(Fate.AWAITED, 3, Fate.JOINED, 1, Fate.NEVER, 1));
        assertThat(tally.scored()).isEqualTo(2);
        lossOfPredictions(tally, 0, 1);
    }

    @Test
    void unknown() throws Exception {
        label("a", 10, 1);
        passes(10 + TIMEOUT);
        event("a", 20);

        Tally tally = counted(Map.of(Fate.EARLY, 1, Fate.UNKNOWN, 1, Fate.AWAITED, 1));
        assertThat(tally.updates()).isZero();
    }

    @Test
    void evicted() throws Exception {
        for (String id : List.of("a", "b", "c", "d")) {
            event(id, 10);
        }
        for (String id : List.of("w", "x", "y", "z")) {
            label(id, 20, 1);
        }
        label("a", 30, 1); // its event is forgotten: evicts the label of x

        Tally tally = counted(Map.of(Fate.AWAITED, 4, Fate.EVICTED, 1, Fate.EARLY, 5, Fate.EVICTED_LABEL, 2));
        assertThat(tally.joins().pending()).isEqualTo(3);
        label("d", 40, 1);
        assertThat(tally().updates()).isEqualTo(1);
    }

    @Test
    void aRecordWithFeaturesAndLabelIsTheLabelOfAnEventThatWaits() throws Exception {
        event("a", 10);
        eventWithLabel("a", 50, 1);
        eventWithLabel("b", 60, 1);

        assertThat(versions()).containsExactly(0L, 1L);
        counted(Map.of(Fate.AWAITED, 2, Fate.JOINED, 2));
    }

    @Test
    void labelsOfOtherKeysAreOtherLabels() throws Exception {
        event("a", 10);
        feed(new Sample(
                "other", "a", 20, new float[0], new float[] {1}, 1, Sample.Kind.LABEL, new Origin("l", 0, 0, 0)));

        counted(Map.of(Fate.AWAITED, 1, Fate.EARLY, 1));
    }

    @Test
    void keepsNothingWhenEveryTimeoutIsOver() throws Exception {
        for (int i = 0; i < 500; i++) {
            event("event-" + i, i * 10L);
            if (i % 2 == 0) {
                label("event-" + (i - 2), i * 10L, 1);
                label("stray-" + i, i * 10L, 1);
            }
        }
        passes(5_000 + 2 * TIMEOUT);

        assertThat(learner.numEventTimeTimers()).isZero();
        assertThat(learner.numKeyedStateEntries()).as("the row of the key").isEqualTo(1);
        Joins joins = tally().joins();
        assertThat(joins.pending()).isZero();
        assertThat(joins.count(Fate.AWAITED)).isEqualTo(500);
        assertThat(joins.count(Fate.EVICTED)).isPositive();
    }

    @Test
    void stateOfAKeyIsBoundedWhileNoTimePasses() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            event("event-" + i, i);
            label("event-" + i, i, 1);
            event("waits-" + i, i);
            label("stray-" + i, i, 1);
        }

        assertThat(learner.numEventTimeTimers()).as("each thing has one").isEqualTo(3 * 3);
    }

    static StateBackend rocksDb() {
        EmbeddedRocksDBStateBackend backend = new EmbeddedRocksDBStateBackend(false);
        backend.getMemoryConfiguration().setUseManagedMemory(false); // the harness has next to none
        return backend;
    }

    @Test
    void tenThousandPendingLabelsComeThroughACrashOnTheHeap() throws Exception {
        comesThroughCrashes(new HashMapStateBackend(), Execution.AUTO);
    }

    @Test
    void tenThousandPendingLabelsComeThroughACrashOnRocksDb() throws Exception {
        comesThroughCrashes(rocksDb(), Execution.AUTO);
    }

    @Test
    void tenThousandPendingLabelsComeThroughACrashInMicroBatches() throws Exception {
        comesThroughCrashes(new HashMapStateBackend(), Learner.DJL);
    }

    /** Crashes once when all events wait, and once when half of the labels have come. */
    private void comesThroughCrashes(StateBackend backend, Execution execution) throws Exception {
        LearnerSpec spec = new LearnerSpec(
                        "job", Learner.MODEL, Learner.PROBLEM, execution, 1000, null, StatePlan.DEFAULT)
                .with(new LabelJoin(Duration.ofSeconds(20), new float[] {0}, 10_000));
        List<Sample> samples = Learner.samples(EVENTS, KEYS);
        List<Sample> events = samples.stream()
                .map(sample -> sample.with(new float[0], Sample.Kind.BOTH))
                .toList();
        List<Sample> labels = samples.stream()
                .filter(sample -> sample.time() % 3 > 0)
                .map(PendingLabelsTest::labelOf)
                .toList();
        int half = labels.size() / 2;
        try (Learner undisturbed = Learner.on(backend, spec, null);
                Learner first = Learner.on(backend, spec, null)) {
            undisturbed.feed(events);
            undisturbed.feed(labels);
            end(undisturbed);
            first.feed(events);
            OperatorSubtaskState allWait = first.checkpoint(1);
            first.feed(labels.subList(0, 500)); // lost with the crash
            try (Learner second = Learner.on(backend, spec, allWait)) {
                second.feed(labels.subList(0, half));
                OperatorSubtaskState halfWait = second.checkpoint(2);
                second.feed(labels.subList(half, half + 500)); // lost, too
                Tally kept = sum(second);
                learner.close();
                learner = Learner.on(backend, spec, halfWait);
                learner.feed(labels.subList(half, labels.size()));
                end(learner);

                Tally whole = sum(undisturbed);
                Tally joined = kept.plus(sum(learner));
                assertThat(whole.scored()).isEqualTo(EVENTS);
                assertThat(joined.scored()).isEqualTo(EVENTS);
                Scores scores = Scores.of(joined);
                Scores wanted = Scores.of(whole);
                assertThat(scores.accuracy()).isCloseTo(wanted.accuracy(), within(1e-12));
                assertThat(scores.logLoss()).isCloseTo(wanted.logLoss(), within(1e-9));
                assertThat(scores.baselines().noChange())
                        .isEqualTo(wanted.baselines().noChange());
                assertThat(joined.joins().count(Fate.JOINED)).isEqualTo(labels.size());
                assertThat(joined.joins().count(Fate.NEVER)).isEqualTo(EVENTS - labels.size());
                assertThat(answers(learner)).isEqualTo(answers(undisturbed));
            }
        }
    }

    private static Sample labelOf(Sample event) {
        return new Sample(
                event.key(),
                event.id(),
                event.time() + 5_000,
                new float[0],
                event.label(),
                1,
                Sample.Kind.LABEL,
                event.origin());
    }

    /** Ends the input, then asks every model once. */
    private static void end(Learner learner) throws Exception {
        learner.processWatermark(Watermark.MAX_WATERMARK);
        for (int key = 0; key < KEYS; key++) {
            learner.feed(List.of(Learner.sample("key" + key, "last", 0, FEATURES, new float[0])
                    .with(new float[0], Sample.Kind.PREDICT)));
        }
        learner.endInput();
    }

    private static Tally sum(Learner learner) {
        return learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
    }

    private static List<String> answers(Learner learner) {
        List<Prediction> all = learner.side(OnlineLearner.PREDICTIONS);
        return all.subList(all.size() - KEYS, all.size()).stream()
                .map(made -> made.key() + " " + made.version() + " " + Float.floatToRawIntBits(made.scores()[0]))
                .sorted()
                .toList();
    }

    @Test
    void aLearnerWithoutAJoinRefusesLabelsAlone() throws Exception {
        close();
        learner = Learner.open(LearnerSpec.of(Learner.MODEL, Learner.PROBLEM));

        assertThatThrownBy(() -> label("a", 10, 1))
                .hasMessageContaining("a label alone (a) needs a learner that joins");
    }
}
