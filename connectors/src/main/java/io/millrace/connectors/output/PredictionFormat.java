package io.millrace.connectors.output;

import io.millrace.connectors.event.Format;
import io.millrace.models.Target;
import io.millrace.state.records.Prediction;
import java.io.Serializable;

/**
 * How predictions are written. A prediction has these fields:
 *
 * <ul>
 *   <li>{@code id} and {@code key}, text: the event and whose model was asked
 *   <li>{@code time}: event time, milliseconds since 1970 UTC
 *   <li>{@code prediction}: name of the class with the highest score, or the predicted value
 *   <li>{@code scores}, for classes only: the probability of each by its name
 *   <li>{@code version}: how many updates the model had had
 *   <li>{@code madeAt}: milliseconds since 1970 UTC
 * </ul>
 *
 * <p>Travels inside the job graph. Used by one thread.
 */
public interface PredictionFormat extends Serializable {

    /** The bytes of one prediction. */
    byte[] write(Prediction prediction);

    /**
     * Predictions of a target, in a format.
     *
     * @throws IllegalArgumentException if predictions cannot be written so
     */
    static PredictionFormat of(Format format, Target target) {
        if (format instanceof Format.Avro avro) {
            if (avro.schema() != null) {
                throw new IllegalArgumentException(
                        "schema=" + avro.schema() + " must be left out: predictions have a schema of their own");
            }
            return new AvroPredictions(target);
        }
        if (format instanceof Format.Json) {
            return new JsonPredictions(target);
        }
        throw new IllegalArgumentException("predictions are written as avro or json, not csv");
    }

    /** The Avro schema of predictions of a target, as the text of an .avsc file. */
    static String schema(Target target) {
        return AvroPredictions.schema(target).toString();
    }
}
