/** {@code millrace bench pipeline}: a whole job, Kafka to Kafka, beside the plain pipeline anyone would write. */
@NullMarked
package io.millrace.tests.bench.pipeline;

import org.jspecify.annotations.NullMarked;
