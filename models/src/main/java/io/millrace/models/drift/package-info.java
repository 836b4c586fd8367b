/** Drift detectors: they tell from a model's errors that the stream has changed. All they remember lies in a row. */
@NullMarked
package io.millrace.models.drift;

import org.jspecify.annotations.NullMarked;
