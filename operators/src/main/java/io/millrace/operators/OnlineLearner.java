package io.millrace.operators;

import io.millrace.models.metrics.Tally;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * Learns from a keyed stream of samples: one model per key, each event predicted before it is learnt.
 *
 * <pre>{@code
 * Learnt learnt = OnlineLearner.of(LearnerSpec.of(model, problem)).apply(samples.keyBy(Sample::key));
 * learnt.predictions().sinkTo(sink);
 * }</pre>
 */
public final class OnlineLearner {
    static final OutputTag<Prediction> PREDICTIONS =
            new OutputTag<>("predictions", TypeInformation.of(Prediction.class));
    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));
    static final OutputTag<SnapshotTaken> SNAPSHOTS =
            new OutputTag<>("snapshots", TypeInformation.of(SnapshotTaken.class));

    private final LearnerSpec spec;

    private OnlineLearner(LearnerSpec spec) {
        this.spec = spec;
    }

    /**
     * A learner of a model.
     *
     * @throws IllegalArgumentException if the model does not fit the problem, or a snapshot not the model
     */
    public static OnlineLearner of(LearnerSpec spec) {
        spec.state().require(spec.model().compile(spec.problem()));
        return new OnlineLearner(spec);
    }

    /**
     * What comes out of a learner.
     *
     * @param tallies what happened, per subtask and stretch of events
     * @param predictions one for every sample that asks for one, in order per key
     * @param deadLetters samples whose step would have spoilt the model
     * @param snapshots a note for each snapshot that was completed
     * @param keys how many keys telemetry scores one by one
     */
    public record Learnt(
            SingleOutputStreamOperator<Tally> tallies,
            DataStream<Prediction> predictions,
            DataStream<DeadLetter> deadLetters,
            DataStream<SnapshotTaken> snapshots,
            int keys) {

        /** The tallies of all subtasks together, with what else was counted elsewhere. */
        public SingleOutputStreamOperator<Telemetry> telemetry(DataStream<Tally> elsewhere, Telemetry.Span span) {
            return merged(tallies.union(elsewhere), span);
        }

        /** The tallies of all subtasks together. */
        public SingleOutputStreamOperator<Telemetry> telemetry() {
            return merged(tallies, Telemetry.Span.DEFAULT);
        }

        private SingleOutputStreamOperator<Telemetry> merged(DataStream<Tally> all, Telemetry.Span span) {
            return all.process(new MergeTallies(span, keys))
                    .returns(Telemetry.class)
                    .name("telemetry")
                    .uid("telemetry")
                    .setParallelism(1)
                    .setMaxParallelism(1);
        }
    }

    /** Attaches the learner to a stream. */
    public Learnt apply(KeyedStream<Sample, String> samples) {
        SingleOutputStreamOperator<Tally> tallies = samples.transform(
                        "learner", TypeInformation.of(Tally.class), new LearnerOperator(spec))
                .uid("learner");
        return new Learnt(
                tallies,
                tallies.getSideOutput(PREDICTIONS),
                tallies.getSideOutput(DEAD_LETTERS),
                tallies.getSideOutput(SNAPSHOTS),
                spec.keys().keys());
    }
}
