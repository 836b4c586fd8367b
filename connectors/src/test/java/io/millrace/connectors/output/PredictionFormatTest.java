package io.millrace.connectors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.event.Format;
import io.millrace.models.Target;
import io.millrace.state.records.Prediction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class PredictionFormatTest {
    private static final Target CLASSES = new Target.Classes(List.of("DOWN", "very \"up\""));
    private static final Prediction CLASS =
            new Prediction("e1", "north", 1000, new float[] {0.25f, 0.75f}, 1, 42, 2000);
    private static final Prediction VALUE = new Prediction("e1", "north", 1000, new float[] {2.5f}, -1, 42, 2000);

    @Test
    void writesJson() throws IOException, ClassNotFoundException {
        PredictionFormat format = InstantiationUtil.clone(PredictionFormat.of(new Format.Json(), CLASSES));
        String json = "{\"id\":\"e1\",\"key\":\"north\",\"time\":1000,\"prediction\":\"very \\\"up\\\"\","
                + "\"scores\":{\"DOWN\":0.25,\"very \\\"up\\\"\":0.75},\"version\":42,\"madeAt\":2000}";
        assertThat(new String(format.write(CLASS), StandardCharsets.UTF_8)).isEqualTo(json);
        PredictionFormat values = PredictionFormat.of(new Format.Json(), new Target.Value());
        assertThat(new String(values.write(VALUE), StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":\"e1\",\"key\":\"north\",\"time\":1000,\"prediction\":2.5,"
                        + "\"version\":42,\"madeAt\":2000}");
    }

    @Test
    void writesAvroThatItsSchemaReads() throws IOException, ClassNotFoundException {
        PredictionFormat format = InstantiationUtil.clone(PredictionFormat.of(new Format.Avro(null), CLASSES));
        GenericData.Record record = read(format.write(CLASS), PredictionFormat.schema(CLASSES));
        assertThat(record.get("prediction")).hasToString("very \"up\"");
        assertThat(record.get("scores")).isEqualTo(Map.of(new Utf8("DOWN"), 0.25f, new Utf8("very \"up\""), 0.75f));
        assertThat(record.get("time")).isEqualTo(1000L);
        assertThat(record.get("version")).isEqualTo(42L);
        assertThat(record.get("madeAt")).isEqualTo(2000L);
        assertThat(read(format.write(CLASS), PredictionFormat.schema(CLASSES)).get("id"))
                .hasToString("e1");

        PredictionFormat values = PredictionFormat.of(new Format.Avro(null), new Target.Value());
        assertThat(read(values.write(VALUE), PredictionFormat.schema(new Target.Value()))
                        .get("prediction"))
                .isEqualTo(2.5f);
    }

    @Test
    void refusesWhatItCannotWrite() {
        assertThatThrownBy(() -> PredictionFormat.of(new Format.Csv(null, ","), CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("predictions are written as avro or json, not csv");
        assertThatThrownBy(() -> PredictionFormat.of(new Format.Avro("a.avsc"), CLASSES))
                .hasMessage("schema=a.avsc must be left out: predictions have a schema of their own");
    }

    private static GenericData.Record read(byte[] bytes, String schema) throws IOException {
        return new GenericDatumReader<GenericData.Record>(new Schema.Parser().parse(schema))
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }
}
