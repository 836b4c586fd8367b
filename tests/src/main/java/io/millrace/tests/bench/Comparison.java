package io.millrace.tests.bench;

/**
 * A lap against its baseline.
 *
 * @param target the least ratio of their rates
 */
record Comparison(String name, Lap subject, Lap baseline, double target) {}
