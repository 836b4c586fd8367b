package io.millrace.connectors.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.models.Target;
import io.millrace.state.records.Prediction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Predictions as JSON objects. */
final class JsonPredictions implements PredictionFormat {
    private static final JsonFactory JSON = new JsonFactory();

    private final Target target;

    JsonPredictions(Target target) {
        this.target = target;
    }

    @Override
    public byte[] write(Prediction prediction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            write(prediction, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(Prediction prediction, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", prediction.id());
        out.writeStringField("key", prediction.key());
        out.writeNumberField("time", prediction.time());
        if (target.classes().isEmpty()) {
            out.writeNumberField("prediction", prediction.scores()[0]);
        } else {
            out.writeStringField("prediction", target.classes().get(prediction.chosen()));
            writeScores(prediction.scores(), out);
        }
        out.writeNumberField("version", prediction.version());
        out.writeNumberField("madeAt", prediction.madeAt());
        out.writeEndObject();
    }

    private void writeScores(float[] scores, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("scores");
        for (int index = 0; index < scores.length; index++) {
            out.writeNumberField(target.classes().get(index), scores[index]);
        }
        out.writeEndObject();
    }
}
