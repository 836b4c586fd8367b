/** From the bytes of a record to a sample: what an event's fields are, and what is wrong with one that has none. */
@NullMarked
package io.millrace.connectors.event;

import org.jspecify.annotations.NullMarked;
