package io.millrace.models.djl;

/** How the samples of one key in a batch become updates of its row. */
public enum Updates {
    /** One update each, in order: samples of a key are in a batch of their own. */
    PER_EVENT,
    /** One update with the mean of their gradients; a batch belongs to one key. */
    PER_BATCH
}
