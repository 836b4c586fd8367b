package io.millrace.models.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one component of a spec record: what it means, its default and its range.
 *
 * <p>The one place that says so: constructors check it through {@link Settings#check}, the job file's
 * reader, its JSON Schema and its printed form are derived from it. A component without a default and
 * not {@link #optional()} is required. The first component of a record may be written in short form:
 * {@code {dense: 64}} for {@code {dense: {units: 64}}}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** What it is, in one sentence, with its unit. */
    String value();

    /** The default as it would be written in a job file; empty when there is none. */
    String byDefault() default "";

    /** True if the component may be left out and is then null (or resolved from its surroundings). */
    boolean optional() default false;

    /** Smallest number, or least length of a text or list, that is allowed. */
    double atLeast() default Double.NEGATIVE_INFINITY;

    /** The number must be greater than this. */
    double above() default Double.NEGATIVE_INFINITY;

    /** Largest number, or greatest length of a text or list, that is allowed. */
    double atMost() default Double.POSITIVE_INFINITY;

    /** The number must be smaller than this. */
    double below() default Double.POSITIVE_INFINITY;
}
