/** Streams with known drift, generated as the papers describe them that introduced them. */
@NullMarked
package io.millrace.jobs.demo.stream;

import org.jspecify.annotations.NullMarked;
