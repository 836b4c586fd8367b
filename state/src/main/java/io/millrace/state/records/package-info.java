/** The flat records that travel between operators, and the serializer of the one that crosses the network. */
@NullMarked
package io.millrace.state.records;

import org.jspecify.annotations.NullMarked;
