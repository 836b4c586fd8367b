package io.millrace.tests.bench.soak;

import java.util.Locale;

/**
 * One of the stretches that a soak is divided into.
 *
 * @param events so far
 * @param eventsPerSecond in this stretch, by the clock on the wall
 * @param eventsPerCpuSecond in this stretch, of the whole process
 * @param heapBytes that are alive, after a full collection
 * @param residentBytes of the process, native memory included; 0 where the system does not tell
 * @param checkpointBytes of the newest checkpoint
 */
record Stretch(
        long events,
        double eventsPerSecond,
        double eventsPerCpuSecond,
        long heapBytes,
        long residentBytes,
        long checkpointBytes) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%12s %12s %14s %10s %12s %15s",
            "events",
            "events/s",
            "per CPU s",
            "heap MB",
            "resident MB",
            "checkpoint MB");

    String line() {
        return String.format(
                Locale.ROOT,
                "%,12d %,12.0f %,14.0f %,10.1f %,12.1f %,15.1f",
                events,
                eventsPerSecond,
                eventsPerCpuSecond,
                heapBytes / 1e6,
                residentBytes / 1e6,
                checkpointBytes / 1e6);
    }
}
