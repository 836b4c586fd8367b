package io.millrace.jobs.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.models.Target;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of one event.
 *
 * @param id the event's; null if it brought none
 * @param key whose model was asked
 * @param scores a probability per class, or [1] the predicted value
 * @param version how many updates the model had had
 * @param model where it came from
 * @param missing features that the event does not have
 */
record Answer(@Nullable String id, String key, float[] scores, long version, Source model, List<String> missing) {

    /** Where a model comes from. */
    enum Source {
        /** The snapshot has one of this key. */
        SNAPSHOT("snapshot"),
        /** The key is new; its model would begin with that of the snapshot that the job was warm-started from. */
        WARM_START("warm-start"),
        /** The key is new; its model would begin with the job's prior. */
        PRIOR("prior"),
        /** The key is new; its model would begin with parameters that know nothing. */
        INITIAL("initial");

        private final String shown;

        Source(String shown) {
            this.shown = shown;
        }

        /** As it is written. */
        String shown() {
            return shown;
        }
    }

    /** Writes it as a JSON object, with the names that predictions have on Kafka. */
    void write(JsonGenerator out, Target target, String snapshot) throws IOException {
        out.writeStartObject();
        if (id != null) {
            out.writeStringField("id", id);
        }
        out.writeStringField("key", key);
        if (target.classes().isEmpty()) {
            out.writeNumberField("prediction", scores[0]);
        } else {
            out.writeStringField("prediction", target.classes().get(Target.highest(scores)));
            out.writeObjectFieldStart("scores");
            for (int index = 0; index < scores.length; index++) {
                out.writeNumberField(target.classes().get(index), scores[index]);
            }
            out.writeEndObject();
        }
        out.writeNumberField("version", version);
        out.writeStringField("model", model.shown);
        out.writeStringField("snapshot", snapshot);
        if (!missing.isEmpty()) {
            out.writeArrayFieldStart("missing");
            for (String name : missing) {
                out.writeString(name);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}
