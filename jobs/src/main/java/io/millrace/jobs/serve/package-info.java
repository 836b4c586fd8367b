/** Predictions over HTTP, from the newest snapshot of a job: what the job would say of an event, without learning it. */
@NullMarked
package io.millrace.jobs.serve;

import org.jspecify.annotations.NullMarked;
