package io.millrace.tests.bench;

/**
 * A lap against its baseline.
 *
 * @param target the least ratio of their rates; 0 if none is known
 */
record Comparison(String name, Lap subject, Lap baseline, double target) {}
