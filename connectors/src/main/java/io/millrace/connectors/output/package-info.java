/** From predictions to bytes that other programs read: JSON, or Avro with a schema made for what is predicted. */
@NullMarked
package io.millrace.connectors.output;

import org.jspecify.annotations.NullMarked;
