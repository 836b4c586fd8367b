package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.ModelSpec;
import io.millrace.models.drift.HddmA;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.state.records.Sample;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

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

    private static Tally tally(Learner learner) {
        return learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
    }

    @Test
    void driftOfEveryKeyIsCountedAcrossARestart() throws Exception {
        LearnerSpec spec =
                LearnerSpec.of(Learner.MODEL.with(new OnDrift.Reset(new HddmA(0.001), null)), Learner.PROBLEM);
        Tally undisturbed;
        try (Learner learner = Learner.open(spec)) {
            learner.feed(samples());
            learner.prepareSnapshotPreBarrier(1);
            undisturbed = tally(learner);
        }
        OperatorSubtaskState state;
        Tally before;
        try (Learner learner = Learner.open(spec)) {
            learner.feed(samples().subList(0, BARRIER));
            state = learner.checkpoint(1);
            before = tally(learner);
        }
        try (Learner learner = Learner.on(new HashMapStateBackend(), spec, state)) {
            learner.feed(samples().subList(BARRIER, EVENTS));
            learner.prepareSnapshotPreBarrier(2);

            Tally both = before.plus(tally(learner));
            assertThat(both.drifts()).isEqualTo(undisturbed.drifts()).isGreaterThanOrEqualTo(7);
            assertThat(both.models()).isEqualTo(undisturbed.models()).isEqualTo(7);
            assertThat(both.scored()).isEqualTo(EVENTS);
            assertThat(Scores.of(both).accuracy())
                    .isEqualTo(Scores.of(undisturbed).accuracy());
        }
    }

    @Test
    void djlLearnerRefusesToWatchForDrift() {
        ModelSpec watched = Learner.MODEL.with(new OnDrift.Report(new HddmA(0.001), null));

        assertThatThrownBy(() ->
                        new LearnerSpec("job", watched, Learner.PROBLEM, Learner.DJL, 1000, null, StatePlan.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("on-drift needs executor jvm");
    }
}
