package io.millrace.tests.bench.pipeline;

import org.HdrHistogram.Histogram;

/** Milliseconds from an event to the record that answers it: the median, the slowest hundredth and thousandth. */
record Latency(long p50, long p99, long p999) {
    static Latency of(Histogram histogram) {
        return new Latency(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9));
    }
}
