package io.millrace.tests.bench;

import java.lang.management.ManagementFactory;

/** Work that can be repeated and timed. */
interface Lap {
    /** Works for about half a second; returns events per second: of CPU time, or, where a GPU works, by the clock. */
    double rate() throws Exception;

    /** Times a number of events on this thread. */
    static double timed(int events, Runnable work) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return events * 1e9 / (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }

    /** Times a number of events by the clock. */
    static double elapsed(int events, Runnable work) {
        long start = System.nanoTime();
        work.run();
        return events * 1e9 / (System.nanoTime() - start);
    }
}
