/** Kafka on both ends of a job: where events are read, where predictions, telemetry and dead letters are written. */
@NullMarked
package io.millrace.connectors.kafka;

import org.jspecify.annotations.NullMarked;
