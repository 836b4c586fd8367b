package io.millrace.models.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name under which a spec record is written in a job file. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Term {
    /** Lower case, words joined by hyphens. */
    String value();

    /** What it is, in one sentence; shown by the schema and by editors. */
    String about() default "";
}
