package io.millrace.connectors.kafka;

import io.millrace.connectors.event.Decoded;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Sample;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Lets samples through and sends dead letters to a side output. Keeps nothing, so any parallelism will do. */
public final class DivertDeadLetters extends ProcessFunction<Decoded, Sample> {
    /** Where the dead letters go. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

    @Override
    public void processElement(Decoded decoded, Context context, Collector<Sample> out) {
        if (decoded.sample() != null) {
            out.collect(decoded.sample());
        } else if (decoded.deadLetter() != null) {
            context.output(DEAD_LETTERS, decoded.deadLetter());
        }
    }
}
