/** The learning core: specs of models, the programs they compile to, and what executes them. */
@NullMarked
package io.millrace.models;

import org.jspecify.annotations.NullMarked;
