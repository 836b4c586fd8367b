/** A Flink cluster of separate JVMs on this machine, started from Millrace's distribution and stopped again. */
@NullMarked
package io.millrace.jobs.cluster;

import org.jspecify.annotations.NullMarked;
