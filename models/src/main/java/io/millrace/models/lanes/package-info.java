/**
 * Arithmetic over stretches of float arrays, several floats at a time where the processor can. Everything that costs
 * an executor time per parameter is here, once with the Vector API and once in plain loops.
 */
@NullMarked
package io.millrace.models.lanes;

import org.jspecify.annotations.NullMarked;
