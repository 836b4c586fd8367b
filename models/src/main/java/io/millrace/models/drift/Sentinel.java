package io.millrace.models.drift;

/** A detector at its place in a row; belongs to one thread. Allocates nothing, and remembers nothing but in the row. */
public interface Sentinel {
    /**
     * Takes the next value.
     *
     * @param row holds what the detector remembers; nothing else in it is touched
     * @param value an error or a loss, in [0, 1]
     * @return true if the values have risen; the detector has then forgotten those before
     */
    boolean update(float[] row, double value);
}
