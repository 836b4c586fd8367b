package io.millrace.operators;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;

/**
 * The distribution of the last 1,024 values. One thread updates it, at the cost of one store; a reporter that reads meanwhile may
 * miss the latest value.
 */
final class LastValues implements Histogram {
    private static final int KEPT = 1 << 10;

    private final long[] values = new long[KEPT];
    private long count;

    @Override
    public void update(long value) {
        values[(int) (count & (KEPT - 1))] = value;
        count++;
    }

    @Override
    public long getCount() {
        return count;
    }

    @Override
    public HistogramStatistics getStatistics() {
        long[] sorted = Arrays.copyOf(values, (int) Math.min(count, KEPT));
        Arrays.sort(sorted);
        return new Sorted(sorted);
    }

    private static final class Sorted extends HistogramStatistics {
        private final long[] values;

        Sorted(long[] values) {
            this.values = values;
        }

        /** The value that the given share of all are not above; NaN without values. */
        @Override
        public double getQuantile(double share) {
            int rank = (int) Math.ceil(share * values.length);
            return values.length == 0 ? Double.NaN : values[Math.max(0, rank - 1)];
        }

        @Override
        public long[] getValues() {
            return values.clone();
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public double getMean() {
            return LongStream.of(values).average().orElse(Double.NaN);
        }

        @Override
        public double getStdDev() {
            double mean = getMean();
            return Math.sqrt(LongStream.of(values)
                    .mapToDouble(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(Double.NaN));
        }

        @Override
        public long getMax() {
            return values.length == 0 ? 0 : values[values.length - 1];
        }

        @Override
        public long getMin() {
            return values.length == 0 ? 0 : values[0];
        }
    }
}
