package io.millrace.operators;

import io.millrace.models.metrics.Tally;

/**
 * How the learning goes.
 *
 * @param at when it was put together, milliseconds since 1970 UTC
 * @param window the events since the last telemetry
 * @param overall the events since the job's first start
 */
public record Telemetry(long at, Tally window, Tally overall) {}
