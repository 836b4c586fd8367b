/**
 * The YAML form of spec records, driven by nothing but their own annotations: how they are read, printed and described
 * by a JSON Schema. Every mistake in a file is found at once, with its place and what is allowed there.
 */
@NullMarked
package io.millrace.jobs.yaml;

import org.jspecify.annotations.NullMarked;
