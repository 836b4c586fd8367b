package io.millrace.jobs.demo;

/**
 * A moment at which a stream changes what there is to learn.
 *
 * @param name what happens, in a few words
 * @param start the first event that may be different, counted from 0
 * @param end the first event that is wholly different; equal to {@code start} when the change is abrupt
 */
public record Drift(String name, long start, long end) {}
