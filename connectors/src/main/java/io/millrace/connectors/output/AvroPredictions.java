package io.millrace.connectors.output;

import io.millrace.models.Target;
import io.millrace.state.records.Prediction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Predictions as Avro records, written field by field in the order of {@link #schema}. */
final class AvroPredictions implements PredictionFormat {
    private final Target target;
    private transient @Nullable BinaryEncoder encoder; // made again at every start

    AvroPredictions(Target target) {
        this.target = target;
    }

    static Schema schema(Target target) {
        Schema moment = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Prediction")
                .namespace("io.millrace")
                .fields()
                .requiredString("id")
                .requiredString("key")
                .name("time")
                .type(moment)
                .noDefault();
        fields = target.classes().isEmpty()
                ? fields.requiredFloat("prediction")
                : fields.requiredString("prediction")
                        .name("scores")
                        .type()
                        .map()
                        .values()
                        .floatType()
                        .noDefault();
        return fields.requiredLong("version")
                .name("madeAt")
                .type(moment)
                .noDefault()
                .endRecord();
    }

    @Override
    public byte[] write(Prediction prediction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoder);
        try {
            write(prediction, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(Prediction prediction, BinaryEncoder out) throws IOException {
        out.writeString(prediction.id());
        out.writeString(prediction.key());
        out.writeLong(prediction.time());
        if (target.classes().isEmpty()) {
            out.writeFloat(prediction.scores()[0]);
        } else {
            out.writeString(target.classes().get(prediction.chosen()));
            writeScores(prediction.scores(), out);
        }
        out.writeLong(prediction.version());
        out.writeLong(prediction.madeAt());
    }

    private void writeScores(float[] scores, BinaryEncoder out) throws IOException {
        out.writeMapStart();
        out.setItemCount(scores.length);
        for (int index = 0; index < scores.length; index++) {
            out.startItem();
            out.writeString(target.classes().get(index));
            out.writeFloat(scores[index]);
        }
        out.writeMapEnd();
    }
}
