/** Rows of models in Flink's keyed state: their serializer, the cache of live rows, and snapshots of them. */
@NullMarked
package io.millrace.state;

import org.jspecify.annotations.NullMarked;
