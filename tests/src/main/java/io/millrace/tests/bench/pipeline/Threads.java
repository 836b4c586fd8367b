package io.millrace.tests.bench.pipeline;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time that the threads of this process have used.
 *
 * @param process all of it, with the JVM's own threads, nanoseconds
 * @param byRole of the threads that live, nanoseconds
 */
record Threads(long process, Map<String, Long> byRole) {
    static final String READ = "task of the source: decode, key, send";
    static final String WORK = "task of the keys: receive, state, work, encode";
    static final String JVM = "garbage collection, compilation";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final com.sun.management.OperatingSystemMXBean PROCESS =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static Threads now() {
        Map<String, Long> byRole = new HashMap<>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null) {
                long used = Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
                byRole.merge(role(thread.getThreadName()), used, Long::sum);
            }
        }
        return new Threads(PROCESS.getProcessCpuTime(), byRole);
    }

    /** What was used since then, in microseconds for each of so many records. */
    Map<String, Double> since(Threads before, long records) {
        Map<String, Double> used = new TreeMap<>();
        double known = 0;
        for (Map.Entry<String, Long> role : byRole.entrySet()) {
            double micros = (role.getValue() - before.byRole.getOrDefault(role.getKey(), 0L)) / 1e3 / records;
            used.put(role.getKey(), Math.max(0, micros));
            known += Math.max(0, micros);
        }
        used.put(JVM, Math.max(0, (process - before.process) / 1e3 / records - known));
        return used;
    }

    static String role(String thread) {
        if (thread.startsWith("Source Data Fetcher")) {
            return "Kafka consumer";
        }
        if (thread.startsWith("Source: ")) {
            return READ;
        }
        if (thread.startsWith("learner") || thread.startsWith("count")) {
            return WORK;
        }
        if (thread.startsWith("kafka-producer-network")) {
            return "Kafka producer's network thread";
        }
        return thread.startsWith("data-plane-kafka") ? "broker" : "other threads";
    }
}
