package io.millrace.state.records;

/**
 * What a model said of one event, before it learnt from it.
 *
 * @param id the event's id
 * @param key whose model was asked
 * @param time event time, milliseconds since 1970 UTC
 * @param scores a probability per class, or [1] the predicted value
 * @param chosen index of the class with the highest score; -1 when a value is predicted
 * @param version how many updates the model had had
 * @param madeAt when it was made, milliseconds since 1970 UTC
 */
public record Prediction(String id, String key, long time, float[] scores, int chosen, long version, long madeAt) {}
