package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A label of two probabilities, in every format. */
class SoftLabelTest {
    private static final Label LABEL = new Label(null, List.of("down", "up"), null, null);

    private final EventReader json = Readers.json(EventFields.NONE, LABEL, new Feature.Numeric(List.of("x")));

    @TempDir
    private Path directory;

    @Test
    void isReadFromEveryFormat() throws IOException {
        assertThat(Readers.sample(json, "{\"x\": 1, \"down\": 0.25, \"up\": 0.75}")
                        .label())
                .containsExactly(0.25f, 0.75f);
        EventReader csv = Readers.csv(List.of("up", "x", "down"), EventFields.NONE, LABEL);
        assertThat(Readers.sample(csv, ".75,1,.25").label()).containsExactly(0.25f, 0.75f);
        assertThat(csv.features()).isEqualTo(List.of(new Feature.Numeric(List.of("x"))));
        Schema schema = SchemaBuilder.record("E")
                .fields()
                .requiredDouble("x")
                .requiredFloat("up")
                .optionalDouble("down")
                .endRecord();
        EventReader avro = Readers.avro(directory, schema, EventFields.NONE, LABEL);
        byte[] record = Readers.avro(schema, Map.of("x", 1.0, "up", 0.75f, "down", 0.25));
        assertThat(Readers.sample(avro, record).label()).containsExactly(0.25f, 0.75f);
    }

    @Test
    void isScaledToASumOfOne() {
        assertThat(Readers.sample(json, "{\"down\": 0.333, \"up\": 0.666}").label())
                .containsExactly(new float[] {1 / 3f, 2 / 3f}, within(1e-7f));
        assertThat(Readers.sample(json, "{\"down\": 0, \"up\": 1}").label()).containsExactly(0, 1);
    }

    @Test
    void isUnknownIfAllOfItIsMissing() {
        assertThat(Readers.sample(json, "{\"x\": 1, \"down\": null}").labelled())
                .isFalse();
    }

    @Test
    void thatIsNoDistributionIsABadRecord() {
        assertThat(Readers.reason(json, "{\"down\": -0.5, \"up\": 1.5}"))
                .isEqualTo("down=-0.5 must be >= 0, it is the probability of a class");
        assertThat(Readers.reason(json, "{\"down\": 0.5, \"up\": 0.25}"))
                .isEqualTo("down + up=0.75 must be 1, they are the probabilities of the classes");
        assertThat(Readers.reason(json, "{\"down\": 0.5, \"up\": 1e999}"))
                .isEqualTo("up=1e999 must be a finite number");
        assertThat(Readers.reason(json, "{\"up\": 1}"))
                .isEqualTo("down=null must be given, as probabilities of other classes are");
        assertThat(Readers.reason(json, "{\"down\": \"sure\", \"up\": 1}")).isEqualTo("down=\"sure\" is not a number");
    }

    @Test
    void mustNotBeSeenByTheModel() {
        assertThatThrownBy(() -> Readers.json(EventFields.NONE, LABEL, new Feature.Numeric(List.of("x", "up"))))
                .hasMessage("features=up is the label; a model must not see it");
    }
}
