package io.millrace.tests.bench.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured with so many keys.
 *
 * @param laps the median lap of each pipe: the plain one, then ours exactly once, and at least once if asked for
 * @param latencies at half of our rate
 */
record PipelineFigures(int keys, Map<String, Lap> laps, Map<String, Latency> latencies) {
    /** Least share of the plain pipe's rate with 10,000 keys, and with more, which do not fit into any cache. */
    private static final double FEW = 0.6;

    private static final double MANY = 0.45;

    @JsonProperty
    public double ratio() {
        return rates().get(1) / rates().get(0);
    }

    /** Our rate with exactly-once delivery as a share of the one with at-least-once, if that was measured. */
    @JsonProperty
    public @Nullable Double exactlyOnce() {
        return rates().size() < 3 ? null : rates().get(1) / rates().get(2);
    }

    private List<Double> rates() {
        return laps.values().stream().map(Lap::recordsPerSecond).toList();
    }

    @JsonProperty
    public double target() {
        return keys <= 10_000 ? FEW : MANY;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%,d keys %31s %18s", keys, "records/s", "CPU us/record"));
        laps.forEach((name, lap) -> lines.add(
                String.format(Locale.ROOT, "  %-30s %,12.0f %18.2f", name, lap.recordsPerSecond(), lap.cpuMicros())));
        lines.add(String.format(
                Locale.ROOT,
                "  ratio %.2f, target %.2f: %s",
                ratio(),
                target(),
                ratio() >= target() ? "met" : "missed"));
        if (exactlyOnce() != null) {
            lines.add(String.format(
                    Locale.ROOT, "  exactly once keeps %.2f of the rate of at least once", exactlyOnce()));
        }
        laps.forEach((name, lap) -> {
            lines.add("  where the CPU goes, us/record: " + name);
            lap.cpuByRole().forEach((role, micros) -> {
                lines.add(String.format(Locale.ROOT, "    %6.2f  %s", micros, role));
                lap.shares()
                        .getOrDefault(role, Map.of())
                        .forEach((purpose, share) ->
                                lines.add(String.format(Locale.ROOT, "      %6.2f  %s", share * micros, purpose)));
            });
        });
        latencies.forEach((name, latency) -> lines.add(String.format(
                Locale.ROOT,
                "  latency at half our rate, ms: p50 %d, p99 %d, p99.9 %d: %s",
                latency.p50(),
                latency.p99(),
                latency.p999(),
                name)));
        return lines;
    }
}
