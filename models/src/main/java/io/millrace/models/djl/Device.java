package io.millrace.models.djl;

/** Where the models of an executor live and are computed. */
public enum Device {
    /** The first GPU if there is one, else the CPU. */
    AUTO,
    /** Main memory, one thread per executor. */
    CPU,
    /** The first GPU. */
    GPU
}
