package io.millrace.jobs.run;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.RecordFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import io.millrace.state.records.Sample.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Emits the records of a file in order, decoded; one task does it all. */
final class RecordsOfFile extends RichFlatMapFunction<Long, Decoded> {
    /** Accumulator: {@link System#nanoTime} of the first record. */
    static final String BEGUN = "begun";

    /** Accumulator: how many records were emitted. */
    static final String RECORDS = "records";

    private final String file; // shipped with the job graph, as the next
    private final Format format;
    private final Set<String> names;
    private final EventReader reader;
    private final @Nullable Delay delay;
    private final @Nullable HeldOut heldOut;

    /**
     * @param delay how much later labels come; null if they come as they stand in the file
     * @param heldOut null if every record is predicted, then learnt
     */
    RecordsOfFile(String file, JobSpec job, @Nullable Delay delay, @Nullable HeldOut heldOut) throws IOException {
        this.file = file;
        this.format = job.source().format();
        this.names = job.names();
        this.reader = JobGraph.reader(job);
        this.delay = delay;
        this.heldOut = heldOut;
    }

    @Override
    public void flatMap(Long once, Collector<Decoded> out) throws IOException {
        LongCounter records = new LongCounter();
        Consumer<Decoded> counted = decoded -> {
            records.add(1);
            out.collect(decoded);
        };
        long learnt = heldOut == null ? 0 : heldOut.learnt(read(0, Long.MAX_VALUE, decoded -> {}));
        getRuntimeContext().addAccumulator(RECORDS, records);
        getRuntimeContext().addAccumulator(BEGUN, new LongMinimum(System.nanoTime()));
        if (heldOut != null) {
            for (int pass = 0; pass < heldOut.passes(); pass++) {
                read(0, learnt, decoded -> counted.accept(as(Kind.LEARN, decoded)));
            }
            read(learnt, Long.MAX_VALUE, decoded -> counted.accept(as(Kind.PREDICT, decoded)));
        } else if (delay != null) {
            LateLabelsOfFile late = new LateLabelsOfFile(delay, out);
            read(0, Long.MAX_VALUE, decoded -> {
                records.add(1);
                late.collect(decoded);
            });
            late.close();
        } else {
            read(0, Long.MAX_VALUE, counted);
        }
    }

    private static Decoded as(Kind kind, Decoded decoded) {
        Sample event = decoded.sample();
        if (event != null && event.kind() == Kind.LABEL) {
            throw new IllegalArgumentException(
                    "--hold-out needs labels that stand in their events, and " + event.origin() + " is a label alone");
        }
        return event == null ? decoded : new Decoded(event.with(event.label(), kind), null);
    }

    /** Reads a stretch of the file; returns how many records there were up to its end. */
    private long read(long from, long to, Consumer<Decoded> target) throws IOException {
        Path path = Path.of(file);
        String name = String.valueOf(path.getFileName());
        try (RecordFile lines = RecordFile.open(path, format, Path.of(""), names)) {
            long record = 0;
            for (byte[] bytes = lines.next(); bytes != null && record < to; bytes = lines.next()) {
                if (record++ >= from) {
                    Origin origin = new Origin(name, 0, lines.line(), System.currentTimeMillis());
                    target.accept(reader.read(null, bytes, origin));
                }
            }
            return record;
        }
    }
}
