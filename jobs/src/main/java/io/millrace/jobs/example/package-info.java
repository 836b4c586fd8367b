/** The learner used from Java, without job file and command line. */
@NullMarked
package io.millrace.jobs.example;

import org.jspecify.annotations.NullMarked;
