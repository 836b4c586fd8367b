/** The catalogue of layers: each file holds one layer's settings, its arithmetic on the CPU and its TorchScript. */
@NullMarked
package io.millrace.models.layer;

import org.jspecify.annotations.NullMarked;
