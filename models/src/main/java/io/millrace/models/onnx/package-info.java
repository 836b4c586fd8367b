/**
 * One row as an ONNX model that predicts what Millrace predicts. What a stage computes is read from the TorchScript that
 * it writes of itself, so that a layer need not know of ONNX.
 */
@NullMarked
package io.millrace.models.onnx;

import org.jspecify.annotations.NullMarked;
