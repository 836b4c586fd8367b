package io.millrace.tests.bench.soak;

import io.millrace.state.records.Prediction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Takes predictions in the learner's own thread and notes the longest time between two of them. */
final class Gaps implements Sink<Prediction> {
    private static volatile long longestNanos; // of this process: there is one learner in it
    private static volatile long count;

    /** Forgets the predictions of an earlier job. */
    static void begin() {
        count = 0;
    }

    /** Predictions so far. */
    static long count() {
        return count;
    }

    /** Begins anew. */
    static void reset() {
        longestNanos = 0;
    }

    static long longestNanos() {
        return longestNanos;
    }

    @Override
    public SinkWriter<Prediction> createWriter(WriterInitContext context) {
        return new Watched();
    }

    private static final class Watched implements SinkWriter<Prediction> {
        private long last = System.nanoTime();
        private long seen;

        @Override
        public void write(Prediction prediction, Context context) {
            long now = System.nanoTime();
            if (now - last > longestNanos) {
                longestNanos = now - last;
            }
            last = now;
            count = ++seen;
        }

        @Override
        public void flush(boolean end) {}

        @Override
        public void close() {}
    }
}
