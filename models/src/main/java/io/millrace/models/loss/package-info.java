/** The catalogue of losses: what a model's outputs mean, and how far they are from a label. */
@NullMarked
package io.millrace.models.loss;

import org.jspecify.annotations.NullMarked;
