/** How specs describe themselves: every component of a spec record carries its meaning, default and range. */
@NullMarked
package io.millrace.models.spec;

import org.jspecify.annotations.NullMarked;
