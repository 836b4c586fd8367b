/** A job spec becomes a Flink job: the graph is assembled here, and run in this process or on a cluster. */
@NullMarked
package io.millrace.jobs.run;

import org.jspecify.annotations.NullMarked;
