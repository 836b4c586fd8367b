/** The executor for the CPU: fused kernels over the row of one model, one event at a time. */
@NullMarked
package io.millrace.models.jvm;

import org.jspecify.annotations.NullMarked;
