package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** The learner and the telemetry of a job, taken out of its graph and driven as their tasks would drive them. */
final class Trial {
    private static final OutputTag<Prediction> PREDICTIONS =
            new OutputTag<>("predictions", TypeInformation.of(Prediction.class));
    private static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));
    private static final int STATE_BYTES = 1 << 30;

    private final Map<String, StreamOperatorFactory<?>> operators = new HashMap<>();
    private final StateBackend backend;

    Trial(JobSpec spec, Path directory) throws Exception {
        StreamExecutionEnvironment environment = Flink.local(spec, directory, null);
        new JobGraph(spec).fromKafkaToKafka(environment);
        environment
                .getStreamGraph(false)
                .getStreamNodes()
                .forEach(node -> operators.put(node.getOperatorName(), node.getOperatorFactory()));
        StateBackend chosen = StateBackendLoader.loadStateBackendFromConfig(
                environment.getConfiguration(), Trial.class.getClassLoader(), null);
        backend = chosen == null ? new HashMapStateBackend() : chosen;
    }

    /** A learner's harness. */
    private static final class Learner extends KeyedOneInputStreamOperatorTestHarness<String, Sample, Tally> {
        private int fed;

        Learner(StreamOperatorFactory<Tally> learner) throws Exception {
            super(learner, Sample::key, Types.STRING, 16, 1, 0);
        }

        void feed(List<Sample> samples) throws Exception {
            for (Sample sample : samples) {
                processElement(new StreamRecord<>(sample, sample.time()));
                if (++fed % 8 == 0) {
                    processWatermark(new Watermark(sample.time() - 1));
                    setProcessingTime(getProcessingTime() + 500);
                }
            }
        }

        OperatorSubtaskState checkpoint(long id) throws Exception {
            prepareSnapshotPreBarrier(id);
            OperatorSubtaskState state = snapshot(id, id * 1000);
            notifyOfCompletedCheckpoint(id);
            return state;
        }

        <T> List<T> side(OutputTag<T> tag) {
            var records = getSideOutput(tag);
            return records == null
                    ? List.of()
                    : records.stream().map(StreamRecord::getValue).toList();
        }
    }

    /**
     * Learns, with a checkpoint in the middle; and once more from there. Every event is answered by finite scores or by a
     * dead letter, a restart changes no prediction, and telemetry holds numbers.
     */
    void run(List<Sample> samples) throws Exception {
        List<Sample> late = samples.subList(samples.size() / 2, samples.size());
        OperatorSubtaskState state;
        int early;
        List<Prediction> undisturbed;
        List<Tally> tallies;
        try (Learner learner = learner(null)) {
            learner.feed(samples.subList(0, samples.size() / 2));
            state = learner.checkpoint(1);
            early = learner.side(PREDICTIONS).size();
            learner.feed(late);
            learner.endInput();
            undisturbed = learner.side(PREDICTIONS);
            allAreAnswered(samples, undisturbed, learner.side(DEAD_LETTERS));
            tallies = learner.extractOutputValues();
        }
        try (Learner learner = learner(state)) {
            learner.feed(late);
            learner.checkpoint(2);
            learner.endInput();
            areEqual(learner.side(PREDICTIONS), undisturbed.subList(early, undisturbed.size()));
        }
        isTold(tallies);
    }

    private static void allAreAnswered(
            List<Sample> samples, List<Prediction> predictions, List<DeadLetter> deadLetters) {
        Set<String> predicted = new HashSet<>();
        Set<Long> dead = new HashSet<>();
        predictions.forEach(prediction -> predicted.add(prediction.id()));
        deadLetters.forEach(letter -> dead.add(letter.origin().offset()));
        for (Sample sample : samples) {
            boolean answered = predicted.contains(sample.id())
                    || dead.contains(sample.origin().offset());
            assertThat(answered || !sample.predicts())
                    .as("%s is answered", sample)
                    .isTrue();
        }
        for (Prediction prediction : predictions) {
            for (float score : prediction.scores()) {
                assertThat(score).as("%s", prediction).isFinite();
            }
        }
    }

    private static void areEqual(List<Prediction> resumed, List<Prediction> undisturbed) {
        assertThat(resumed).hasSameSizeAs(undisturbed);
        for (int i = 0; i < resumed.size(); i++) {
            assertThat(resumed.get(i).id()).isEqualTo(undisturbed.get(i).id());
            assertThat(resumed.get(i).scores())
                    .as("%s", resumed.get(i))
                    .containsExactly(undisturbed.get(i).scores(), within(1e-5f));
        }
    }

    private Learner learner(@Nullable OperatorSubtaskState state) throws Exception {
        Learner learner = new Learner(operator("learner"));
        learner.setStateBackend(backend);
        learner.setCheckpointStorage(new JobManagerCheckpointStorage(STATE_BYTES));
        if (state != null) {
            learner.initializeState(state);
        }
        learner.open();
        return learner;
    }

    /** Adds tallies up, with a restart after each. */
    private void isTold(List<Tally> tallies) throws Exception {
        OperatorSubtaskState state = null;
        for (Tally tally : tallies) {
            try (OneInputStreamOperatorTestHarness<Tally, Telemetry> merge =
                    new OneInputStreamOperatorTestHarness<>(this.<Telemetry>operator("telemetry"), 1, 1, 0)) {
                if (state != null) {
                    merge.initializeState(state);
                }
                merge.open();
                merge.processElement(new StreamRecord<>(tally));
                state = merge.snapshot(1, 1);
                for (Telemetry telemetry : merge.extractOutputValues()) {
                    assertThat(new ObjectMapper().writeValueAsString(TelemetryView.of(telemetry)))
                            .doesNotContain("NaN", "Infinity");
                }
            }
        }
    }

    /** A copy of an operator, as it would arrive at a task. */
    @SuppressWarnings("unchecked") // the graph does not know what its operators emit
    private <T> StreamOperatorFactory<T> operator(String name) throws Exception {
        return (StreamOperatorFactory<T>) InstantiationUtil.clone(operators.get(name));
    }
}
