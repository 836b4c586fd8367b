package io.millrace.jobs.serve;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What was asked and answered since the start, for Prometheus. Any number of threads may count at once. */
final class ServeMetrics {
    /** Upper ends of the classes of latency, in microseconds; a last class has no end. */
    private static final long[] ENDS = {100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 1_000_000};

    private final Map<Integer, LongAdder> replies = new ConcurrentHashMap<>(); // by status
    private final Map<Answer.Source, LongAdder> predictions = new ConcurrentHashMap<>();
    private final LongAdder[] latencies = adders(ENDS.length + 1);
    private final LongAdder nanos = new LongAdder();

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }

    /** Counts one reply to a request for predictions. */
    void replied(int status, long tookNanos) {
        replies.computeIfAbsent(status, code -> new LongAdder()).increment();
        int place = 0;
        while (place < ENDS.length && tookNanos > ENDS[place] * 1_000) {
            place++;
        }
        latencies[place].increment();
        nanos.add(tookNanos);
    }

    /** Counts a prediction. */
    void predicted(Answer.Source source) {
        predictions.computeIfAbsent(source, first -> new LongAdder()).increment();
    }

    /** Everything, in the text form of Prometheus. */
    String text() {
        StringBuilder text = new StringBuilder(2_048);
        describe(text, "requests_total", "counter", "Requests for predictions, by the status of the reply.");
        replies.forEach((status, count) -> sample(text, "requests_total{status=\"" + status + "\"}", count.sum()));
        describe(text, "predictions_total", "counter", "Predictions, by where the model came from.");
        predictions.forEach(
                (source, count) -> sample(text, "predictions_total{model=\"" + source.shown() + "\"}", count.sum()));
        describe(text, "request_seconds", "histogram", "From a request's headers to the end of its reply.");
        long upTo = 0;
        for (int place = 0; place < ENDS.length; place++) {
            upTo += latencies[place].sum();
            sample(text, "request_seconds_bucket{le=\"" + ENDS[place] / 1e6 + "\"}", upTo);
        }
        upTo += latencies[ENDS.length].sum();
        sample(text, "request_seconds_bucket{le=\"+Inf\"}", upTo);
        sample(text, "request_seconds_sum", nanos.sum() / 1e9);
        sample(text, "request_seconds_count", upTo);
        return text.toString();
    }

    /** Adds a figure that has no labels. */
    static void figure(StringBuilder text, String name, String type, String about, Number value) {
        describe(text, name, type, about);
        sample(text, name, value);
    }

    private static void describe(StringBuilder text, String name, String type, String about) {
        text.append("# HELP millrace_serve_").append(name).append(' ').append(about);
        text.append("\n# TYPE millrace_serve_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private static void sample(StringBuilder text, String name, Number value) {
        text.append("millrace_serve_").append(name).append(' ').append(value).append('\n');
    }
}
