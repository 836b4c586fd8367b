package io.millrace.state.records;

import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * One event, decoded and encoded: what a learner predicts and learns from. Arrays are never written to after
 * the sample was made.
 *
 * @param key whose model it belongs to; as the next at most 65,535 bytes in UTF-8
 * @param id the event's own name, unique within its key
 * @param time event time, milliseconds since 1970 UTC
 * @param features [inputs.width], see {@link io.millrace.models.Inputs}; NaN marks a missing number
 * @param label [target.labelWidth], see {@link io.millrace.models.Target}; [0] when unknown
 * @param weight how much the sample counts when learnt, finite and not negative
 * @param kind what to do with it
 * @param origin where it was read
 */
@TypeInfo(SampleTypeInfo.Factory.class)
public record Sample(
        String key, String id, long time, float[] features, float[] label, float weight, Kind kind, Origin origin) {

    /** What a learner does with a sample. */
    public enum Kind {
        /** Predict; a label, if there is one, is only scored. */
        PREDICT(1),
        /** Learn without emitting a prediction. */
        LEARN(2),
        /**
         * Predict, score and learn: test-then-train. Without a label it is predicted, and learnt when its label comes
         * if the learner joins labels.
         */
        BOTH(3),
        /** A label alone, without features, for the event of the same key and id; its time is the label's. */
        LABEL(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        /** The kind as it is serialized. */
        byte code() {
            return code;
        }

        static Kind of(byte code) {
            return switch (code) {
                case 1 -> PREDICT;
                case 2 -> LEARN;
                case 3 -> BOTH;
                case 4 -> LABEL;
                default -> throw new IllegalArgumentException("kind=" + code + " must be 1, 2, 3 or 4");
            };
        }
    }

    /** A sample with a known label, to be predicted and learnt, that was not read from anywhere. */
    public static Sample of(String key, String id, long time, float[] features, float label) {
        Origin nowhere = new Origin("", 0, 0, time);
        return new Sample(key, id, time, features, new float[] {label}, 1, Kind.BOTH, nowhere);
    }

    /** The same event with a label, to be done something else with. */
    public Sample with(float[] label, Kind kind) {
        return new Sample(key, id, time, features, label, weight, kind, origin);
    }

    public boolean labelled() {
        return label.length > 0;
    }

    public boolean predicts() {
        return kind == Kind.PREDICT || kind == Kind.BOTH;
    }

    public boolean learns() {
        return (kind == Kind.LEARN || kind == Kind.BOTH) && labelled();
    }
}
