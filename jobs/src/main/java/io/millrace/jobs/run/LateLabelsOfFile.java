package io.millrace.jobs.run;

import io.millrace.connectors.event.Decoded;
import io.millrace.state.records.Sample;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.flink.util.Collector;

/** Hands on the records of a file, with the labels of its events held back for a while. */
final class LateLabelsOfFile implements Collector<Decoded> {
    private static final float[] NONE = {};

    private final Delay delay;
    private final Collector<Decoded> out;
    private final PriorityQueue<Held> held =
            new PriorityQueue<>(Comparator.comparingLong(Held::due).thenComparingLong(Held::number));
    private long number; // of the event at hand
    private long time; // of the event at hand

    /** A label that is due later. */
    private record Held(long due, long number, Sample event) {}

    LateLabelsOfFile(Delay delay, Collector<Decoded> out) {
        this.delay = delay;
        this.out = out;
    }

    @Override
    public void collect(Decoded decoded) {
        Sample event = decoded.sample();
        if (event == null || event.kind() != Sample.Kind.BOTH) {
            out.collect(decoded);
            return;
        }
        number++;
        time = event.time();
        release(delay.clock(number, event));
        if (event.labelled()) {
            held.add(new Held(delay.due(number, event), number, event));
        }
        out.collect(new Decoded(event.with(NONE, Sample.Kind.BOTH), null));
    }

    private void release(long clock) {
        while (!held.isEmpty() && held.peek().due() <= clock) {
            Held label = held.remove();
            Sample event = label.event();
            long labelTime = delay.time() == null ? Math.max(time, event.time()) : label.due();
            out.collect(new Decoded(
                    new Sample(
                            event.key(),
                            event.id(),
                            labelTime,
                            NONE,
                            event.label(),
                            1,
                            Sample.Kind.LABEL,
                            event.origin()),
                    null));
        }
    }

    /** Hands on the labels that are still held: the file has ended. */
    @Override
    public void close() {
        release(Long.MAX_VALUE);
    }
}
