/**
 * The executor for many models at once: one TorchScript step, generated from the program, moves a batch of rows of
 * different keys on the CPU or a GPU. The only package that knows DJL.
 */
@NullMarked
package io.millrace.models.djl;

import org.jspecify.annotations.NullMarked;
