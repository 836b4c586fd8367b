/** The catalogue of optimizers: how far and where a gradient moves the parameters. */
@NullMarked
package io.millrace.models.optimizer;

import org.jspecify.annotations.NullMarked;
