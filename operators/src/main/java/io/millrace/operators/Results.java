package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Target;
import io.millrace.models.loss.Loss;
import io.millrace.models.metrics.BusiestKeys;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Tally;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/** Sends what came of each sample to the learner's outputs, and counts it. */
final class Results implements Outcomes {
    private final Output<StreamRecord<Tally>> output;
    private final ProcessingTimeService clock;
    private final int classes; // 0 if values are predicted
    private final BusiestKeys keys;
    private final Scorer scorer;
    private final int tallyEvery;
    private final LearnerMetrics metrics;
    private final TaskInfo task;
    private @Nullable ListState<double[]> savedLabels; // kept by checkpoints, as the next
    private @Nullable ListState<WatchedKeys> savedKeys;
    private int sinceTally;
    private boolean news; // anything counted since the last tally
    private boolean newsOfKeys; // anything scored since keys were last told of

    Results(
            Output<StreamRecord<Tally>> output,
            ProcessingTimeService clock,
            LearnerSpec spec,
            LearnerMetrics metrics,
            TaskInfo task) {
        Target target = spec.problem().target();
        Loss loss = spec.model().loss();
        this.output = output;
        this.clock = clock;
        this.classes = target.classes().size();
        this.keys = new BusiestKeys(target, spec.keys().keys(), spec.keys().halfLife());
        this.scorer = new Scorer(target, (loss == null ? Loss.of(target) : loss).quantile(), keys);
        this.tallyEvery = spec.telemetryEvery();
        this.metrics = metrics;
        this.task = task;
    }

    /** Takes up the labels and keys that were scored before a restart; of several learners, if there are fewer now. */
    void initializeState(OperatorStateStore store) throws Exception {
        savedLabels = store.getListState(new ListStateDescriptor<>("labels-seen", double[].class));
        for (double[] labels : savedLabels.get()) {
            scorer.remember(labels);
        }
        savedKeys = store.getUnionListState(new ListStateDescriptor<>("watched-keys", WatchedKeys.class));
        WatchedKeys.restore(savedKeys.get(), keys, task);
    }

    void snapshotState() throws Exception {
        Objects.requireNonNull(savedLabels).update(List.of(scorer.labelsSeen()));
        Objects.requireNonNull(savedKeys).update(List.of(WatchedKeys.of(keys, task)));
    }

    /** Emits the prediction, scores it, and sends a refused step to the dead letters. */
    @Override
    public void emit(Sample sample, Outcome outcome) {
        boolean predicted = outcome.status != Status.REFUSED_SCORES;
        if (predicted && sample.predicts()) {
            long now = clock.getCurrentProcessingTime();
            float[] scores = outcome.scores.clone();
            int chosen = classes > 0 ? Target.highest(scores) : -1;
            send(
                    sample,
                    new Prediction(sample.id(), sample.key(), sample.time(), scores, chosen, outcome.version, now));
            scorer.predicted(now - sample.origin().timestamp());
            if (sample.labelled()) {
                score(sample.key(), scores, sample.label(), outcome.previousLabel, typicalLabel());
            }
        }
        switch (outcome.status) {
            case LEARNT -> {
                scorer.updated(outcome.first);
                if (outcome.drift) {
                    scorer.drifted();
                }
            }
            case REFUSED_SCORES, REFUSED_STEP -> {
                refuse(sample, outcome.refusal());
                metrics.refused();
            }
            case PREDICTED -> {}
        }
        news = true;
        if (++sinceTally >= tallyEvery) {
            emit(scorer.tally());
        }
    }

    /** Sends a sample to the dead letters. */
    void refuse(Sample sample, String reason) {
        byte[] key = sample.key().getBytes(StandardCharsets.UTF_8);
        DeadLetter letter = new DeadLetter(reason, sample.origin(), key, null);
        output.collect(OnlineLearner.DEAD_LETTERS, new StreamRecord<>(letter, sample.time()));
        scorer.deadLetter();
        news = true;
    }

    /**
     * Compares a prediction with its label.
     *
     * @param previousLabel the key's label that was known at the prediction; NaN if there was none
     * @param typicalLabel what {@link #typicalLabel} was then
     */
    void score(String key, float[] scores, float[] label, float previousLabel, float typicalLabel) {
        boolean gone = classes > 0 && previousLabel >= classes; // a class of before the job was changed
        scorer.score(key, scores, label, gone ? Float.NaN : previousLabel, typicalLabel);
        news = newsOfKeys = true;
    }

    /** The label that somebody would expect who knows nothing but the labels that were scored here so far. */
    float typicalLabel() {
        return scorer.typicalLabel();
    }

    /** Counts what became of an event that waits for its label, or of a label. */
    void fate(Fate fate) {
        scorer.fate(fate);
        news = true;
    }

    /** Counts a label that met its event. */
    void joined(long delayMillis) {
        scorer.joined(delayMillis);
        news = true;
    }

    private void send(Sample sample, Prediction prediction) {
        output.collect(OnlineLearner.PREDICTIONS, new StreamRecord<>(prediction, sample.time()));
    }

    /** Counts a model that was forgotten. */
    void expired() {
        scorer.expired();
        news = true;
    }

    /** Counts a model that was reset. */
    void reset() {
        scorer.reset();
        news = true;
    }

    /** Emits what was counted since the last tally, if anything was, and how the busiest keys do. */
    void emitTally() {
        if (news || newsOfKeys) {
            newsOfKeys = false;
            emit(scorer.tally().with(keys.busiest()));
        }
    }

    private void emit(Tally tally) {
        news = false;
        sinceTally = 0;
        output.collect(new StreamRecord<>(tally));
    }
}
