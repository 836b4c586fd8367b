/** The demo's stream of card payments, the producer that feeds it, and the board that shows what is learnt from it. Nothing here knows how learning works. */
@NullMarked
package io.millrace.jobs.demo;

import org.jspecify.annotations.NullMarked;
