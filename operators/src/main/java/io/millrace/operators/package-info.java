/** Flink operators: the learner, which predicts and learns every event in its key's model, and its telemetry. */
@NullMarked
package io.millrace.operators;

import org.jspecify.annotations.NullMarked;
