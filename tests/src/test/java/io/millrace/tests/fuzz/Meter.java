package io.millrace.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/**
 * Holds every parse to a bound of memory and time; belongs to one thread.
 *
 * @param perByte bytes that may be allocated for each byte of the input
 * @param anyway bytes that may be allocated besides
 */
record Meter(long perByte, long anyway) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long LONGEST_NANOS = 5_000_000_000L; // of CPU: a hang, not a slow machine

    /**
     * Parses; fails if that takes more than the bounds.
     *
     * @param name which input it was, for the failure
     */
    <T> T within(int inputBytes, String name, Callable<T> parse) throws Exception {
        long thread = Thread.currentThread().getId();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long before = THREADS.getThreadAllocatedBytes(thread);
        T parsed = parse.call();
        long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
        long nanos = THREADS.getCurrentThreadCpuTime() - cpu;
        if (allocated > anyway + perByte * inputBytes || nanos > LONGEST_NANOS) {
            assertThat(allocated)
                    .as("bytes allocated in %,d ns for the %,d bytes of %s", nanos, inputBytes, name)
                    .isLessThanOrEqualTo(anyway + perByte * inputBytes);
            assertThat(nanos).as("CPU time for %s", name).isLessThanOrEqualTo(LONGEST_NANOS);
        }
        return parsed;
    }
}
