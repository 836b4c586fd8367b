/**
 * The live page: a small web server that shows one running job in a browser. It is fed the records of telemetry and keeps
 * a bounded history of them, which every page that is opened receives first.
 */
@NullMarked
package io.millrace.jobs.live;

import org.jspecify.annotations.NullMarked;
