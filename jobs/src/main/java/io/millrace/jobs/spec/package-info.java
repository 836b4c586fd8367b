/** The job spec: what one YAML file says about a whole job. Reading it finds every mistake before anything starts. */
@NullMarked
package io.millrace.jobs.spec;

import org.jspecify.annotations.NullMarked;
