/**
 * The benchmarks behind {@code millrace bench}: each rate beside its baseline, measured in turn in the same run.
 * Rates are per second of CPU time of the working threads, so that other work on the machine disturbs them less.
 */
@NullMarked
package io.millrace.tests.bench;

import org.jspecify.annotations.NullMarked;
