package io.millrace.operators;

/**
 * A snapshot became visible.
 *
 * @param directory where it lies
 * @param checkpoint whose state it is
 * @param createdAt when the checkpoint was triggered, milliseconds since 1970 UTC
 */
public record SnapshotTaken(String directory, long checkpoint, long createdAt) {}
