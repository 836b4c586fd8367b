/** Snapshots for people and other programs: safetensors files of rows beside a manifest in JSON. */
@NullMarked
package io.millrace.models.snapshot;

import org.jspecify.annotations.NullMarked;
