/**
 * What a model compiles to: a layout of one row of floats, the stages that compute with it, and the step of its
 * optimizer. Layers, losses and optimizers speak to executors only through the types of this package.
 */
@NullMarked
package io.millrace.models.program;

import org.jspecify.annotations.NullMarked;
