package io.millrace.tests.bench.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured with so many keys.
 *
 * @param laps the median lap of each pipe, the plain one first, then ours
 * @param latencies at half of our rate
 */
record PipelineFigures(int keys, Map<String, Lap> laps, Map<String, Latency> latencies) {
    /** Least share of the plain pipe's rate with 10,000 keys, and with more, which do not fit into any cache. */
    private static final double FEW = 0.6;

    private static final double MANY = 0.45;

    @JsonProperty
    public double ratio() {
        Iterator<Lap> each = laps.values().iterator();
        double plain = each.next().recordsPerSecond();
        return each.next().recordsPerSecond() / plain;
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
