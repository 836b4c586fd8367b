/** {@code millrace bench soak}: many events through one learner, to see whether anything grows or slows down. */
@NullMarked
package io.millrace.tests.bench.soak;

import org.jspecify.annotations.NullMarked;
