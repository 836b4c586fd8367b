package io.millrace.tests.bench.pipeline;

import java.util.Map;

/**
 * One run of a pipe over a topic that is full already.
 *
 * @param recordsPerSecond by the clock on the wall
 * @param cpuMicros of the whole process, broker included, for each record
 * @param cpuByRole where they went
 * @param shares what the tasks did with theirs
 */
record Lap(
        double recordsPerSecond,
        double cpuMicros,
        Map<String, Double> cpuByRole,
        Map<String, Map<String, Double>> shares) {}
