/** Prequential scores: counts that merge in any order, and what they say beside naive baselines. */
@NullMarked
package io.millrace.models.metrics;

import org.jspecify.annotations.NullMarked;
