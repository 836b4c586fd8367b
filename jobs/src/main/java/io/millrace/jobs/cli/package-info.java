/** The command line: one class per verb of {@code millrace}. What a verb does lives elsewhere; here it is asked for. */
@NullMarked
package io.millrace.jobs.cli;

import org.jspecify.annotations.NullMarked;
