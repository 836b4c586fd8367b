/** What an evaluation found: as JSON, and as one page to look at. */
@NullMarked
package io.millrace.jobs.report;

import org.jspecify.annotations.NullMarked;
