package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.state.records.Sample;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots that are written while events go on. A learner that still held something of RocksDB's could not close. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrozenRowsTest {
    private static final List<Sample> SAMPLES = Learner.samples(300, 7);

    @TempDir
    Path directory;

    /** Where rows are kept, and how. */
    enum Kept {
        HEAP,
        MEASURED_HEAP,
        ROCKS_DB,
        ROCKS_DB_BEHIND_ONE_LIVE_ROW;

        StateBackend backend() {
            return switch (this) {
                case HEAP -> new HashMapStateBackend();
                case MEASURED_HEAP ->
                    new HashMapStateBackend()
                            .configure(
                                    new Configuration().set(StateLatencyTrackOptions.LATENCY_TRACK_ENABLED, true),
                                    getClass().getClassLoader());
                case ROCKS_DB, ROCKS_DB_BEHIND_ONE_LIVE_ROW -> PendingLabelsTest.rocksDb();
            };
        }

        long cacheBytes() {
            return this == ROCKS_DB_BEHIND_ONE_LIVE_ROW ? 1 : 1 << 20;
        }
    }

    /** Of a learner that keeps timers and what labels have come beside its rows. */
    private LearnerSpec spec(Kept kept) {
        SnapshotPlan snapshots = new SnapshotPlan(directory.toUri().toString(), null, 100, "spec");
        StatePlan state = new StatePlan(kept.cacheBytes(), Duration.ofDays(1), null, null, null);
        LearnerSpec spec =
                new LearnerSpec("job", Learner.MODEL, Learner.PROBLEM, Execution.AUTO, 1000, snapshots, state);
        return spec.with(LabelJoin.within(Duration.ofDays(1)));
    }

    private Learner open(Kept kept) throws Exception {
        return Learner.on(kept.backend(), spec(kept), null);
    }

    private static OperatorSnapshotFutures begin(Learner learner) throws Exception {
        learner.prepareSnapshotPreBarrier(1);
        return learner.getOperator()
                .snapshotState(
                        1,
                        1_000,
                        CheckpointOptions.forCheckpointWithDefaultLocation(),
                        new MemCheckpointStreamFactory(1 << 20));
    }

    static Map<String, float[]> byHand(List<Sample> samples) {
        Program program = Learner.MODEL.compile(Learner.PROBLEM);
        JvmExecutor executor = new JvmExecutor(program);
        Outcome outcome = new Outcome(Learner.PROBLEM.target().scores());
        Map<String, float[]> rows = new HashMap<>();
        for (Sample sample : samples) {
            float[] row = rows.computeIfAbsent(sample.key(), program::initialRow);
            executor.step(row, sample.features(), sample.label(), 1, true, outcome);
            program.lastSeen(row, sample.time());
        }
        return rows;
    }

    private static Map<String, float[]> rows(SnapshotTaken taken) throws Exception {
        Map<String, float[]> rows = new HashMap<>();
        Snapshot.open(Path.of(URI.create(taken.directory()))).forEach((key, row) -> rows.put(key, row.clone()));
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void holdTheBitsOfTheirBarrier(Kept kept) throws Exception {
        try (Learner learner = open(kept)) {
            learner.feed(SAMPLES.subList(0, 200));
            OperatorSnapshotFutures begun = begin(learner);
            assertThat(directory).isEmptyDirectory();

            learner.feed(SAMPLES.subList(200, 300)); // changes every row before one is written
            learner.prepareSnapshotPreBarrier(2);
            learner.snapshot(2, 1_500); // as does this, where rows are stored with it alone
            OperatorSnapshotFinalizer.create(begun);
            learner.notifyOfCompletedCheckpoint(1);
            assertWritten(learner, SAMPLES.subList(0, 200));
        }
    }

    /** More than 128 groups take two bytes before a key, where keys are bytes. */
    @ParameterizedTest
    @CsvSource({"HEAP, 300", "HEAP, 0", "MEASURED_HEAP, 300", "MEASURED_HEAP, 0", "ROCKS_DB, 300", "ROCKS_DB, 0"})
    void areFoundHoweverManyKeyGroupsAndSamplesThereWere(Kept kept, int samples) throws Exception {
        try (Learner learner = new Learner(spec(kept), 129, 1, 0)) {
            learner.setStateBackend(kept.backend());
            learner.open();
            learner.feed(SAMPLES.subList(0, samples));
            learner.endInput();
            learner.checkpoint(1);
            learner.notifyOfCompletedCheckpoint(1);
            assertWritten(learner, SAMPLES.subList(0, samples));
        }
    }

    private static void assertWritten(Learner learner, List<Sample> samples) throws Exception {
        Map<String, float[]> written =
                rows(learner.side(OnlineLearner.SNAPSHOTS).get(0));
        Map<String, float[]> byHand = byHand(samples);
        assertThat(written.keySet()).isEqualTo(byHand.keySet());
        byHand.forEach((key, row) -> assertThat(written.get(key)).as(key).isEqualTo(row));
    }

    @ParameterizedTest
    @EnumSource
    void areReleasedIfTheCheckpointIsAbandoned(Kept kept) throws Exception {
        try (Learner learner = open(kept)) {
            learner.feed(SAMPLES);
            begin(learner).cancel();
            learner.getOperator().notifyCheckpointAborted(1);
            assertThat(directory).isEmptyDirectory();

            learner.snapshot(2, 2_000);
            learner.notifyOfCompletedCheckpoint(2);
            assertThat(learner.side(OnlineLearner.SNAPSHOTS))
                    .extracting(SnapshotTaken::checkpoint)
                    .containsExactly(2L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areReleasedIfTheyCannotBeWritten(Kept kept) throws Exception {
        try (Learner learner = open(kept)) {
            learner.feed(SAMPLES);
            OperatorSnapshotFutures begun = begin(learner);
            Files.delete(directory);
            Files.createFile(directory); // where a directory should be

            assertThatThrownBy(() -> OperatorSnapshotFinalizer.create(begun))
                    .hasRootCauseInstanceOf(FileAlreadyExistsException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areReleasedIfTheThreadThatReadsThemIsInterrupted(Kept kept) throws Exception {
        try (Learner learner = open(kept)) {
            learner.feed(SAMPLES);
            OperatorSnapshotFutures begun = begin(learner);
            Thread.currentThread().interrupt();
            begun.getKeyedStateManagedFuture().run();
            assertThat(Thread.interrupted()).isTrue();

            assertThatThrownBy(() -> begun.getKeyedStateManagedFuture().get())
                    .hasRootCauseInstanceOf(InterruptedIOException.class);
            begun.cancel();
        }
    }
}
