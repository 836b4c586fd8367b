package io.millrace.operators;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.Updates;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.metrics.Tally;
import io.millrace.models.optimizer.Adam;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** A learner without a job around it, as a task would drive it, and something to learn. */
final class Learner extends KeyedOneInputStreamOperatorTestHarness<String, Sample, Tally> {
    static final ModelSpec MODEL =
            new ModelSpec(List.of(new Standardize(), new Dense(5), new Relu()), null, new Adam(0.01), 1);
    static final Problem PROBLEM = new Problem(Inputs.numeric(3), new Target.Classes(List.of("no", "yes")));
    static final Execution DJL = new Execution(
            Execution.Executor.DJL, Device.CPU, Updates.PER_EVENT, new MicroBatch(16, Duration.ofMillis(5)));

    Learner(LearnerSpec spec, int subtasks, int subtask) throws Exception {
        this(spec, 16, subtasks, subtask);
    }

    Learner(LearnerSpec spec, int keyGroups, int subtasks, int subtask) throws Exception {
        super(new LearnerOperator(spec), Sample::key, Types.STRING, keyGroups, subtasks, subtask);
    }

    /** A new learner on the heap. */
    static Learner open(LearnerSpec spec) throws Exception {
        return on(new HashMapStateBackend(), spec, null);
    }

    /** A learner that continues from a state, unless that is null. */
    static Learner on(StateBackend backend, LearnerSpec spec, @Nullable OperatorSubtaskState state) throws Exception {
        Learner learner = new Learner(spec, 1, 0);
        learner.setStateBackend(backend);
        if (state != null) {
            learner.initializeState(state);
        }
        learner.open();
        return learner;
    }

    void feed(List<Sample> samples) throws Exception {
        for (Sample sample : samples) {
            processElement(new StreamRecord<>(sample, sample.time()));
        }
    }

    /** What a task does at a barrier. */
    OperatorSubtaskState checkpoint(long id) throws Exception {
        prepareSnapshotPreBarrier(id);
        return snapshot(id, id * 1000);
    }

    /** All that was sent to a side output so far. */
    <T> List<T> side(OutputTag<T> tag) {
        List<T> values = new ArrayList<>();
        ConcurrentLinkedQueue<StreamRecord<T>> records = getSideOutput(tag);
        if (records != null) {
            records.forEach(record -> values.add(record.getValue()));
        }
        return values;
    }

    /** Labelled samples of several keys. */
    static List<Sample> samples(int count, int keys) {
        Random random = new Random(11);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = {random.nextFloat(), random.nextFloat() * 100, random.nextInt(2)};
            float[] label = {features[0] > 0.5 ? 1 : 0};
            samples.add(sample("key" + random.nextInt(keys), "e" + i, i, features, label));
        }
        return samples;
    }

    /** One sample. */
    static Sample sample(String key, String id, long time, float[] features, float[] label) {
        return new Sample(key, id, time, features, label, 1, Sample.Kind.BOTH, new Origin("t", 0, time, time));
    }
}
