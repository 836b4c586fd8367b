/** A Kafka broker inside this process, for the demo, for trials and for tests. It is the real broker, on loopback only. */
@NullMarked
package io.millrace.jobs.local;

import org.jspecify.annotations.NullMarked;
